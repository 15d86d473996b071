#!/usr/bin/env python3
"""Năm Rõ from a fresh copy of its files, with nothing but Python 3.11 or newer.

python3 dev.py run [--empty] [--port 8000] [--database-url URL]   start it (installs what it needs at the first start)
python3 dev.py test [pytest arguments]                            run every check and test
python3 dev.py setup [--dev]                                      only install, and compile the search
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"
COMPILED = VENV / "compiled.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LEAST_PYTHON = (3, 11)
RUN_LOCK, TEST_LOCK = "requirements.txt", "requirements-dev.txt"


def main() -> int:
    for stream in (sys.stdout, sys.stderr):  # a Windows console of an old code page cannot print Vietnamese otherwise
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if sys.version_info < LEAST_PYTHON:
        print("Năm Rõ cần Python 3.11 trở lên / needs Python 3.11 or newer: https://www.python.org/downloads/", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="run | test | setup")
    run = commands.add_parser(
        "run", help="start the web server and the clock; the first start installs and loads the sample commune"
    )
    run.add_argument("--empty", action="store_true", help="do not load the sample commune into an empty database")
    run.add_argument("--port", type=int, help="port of the web pages (default 8000, or NAMRO_PORT)")
    run.add_argument(
        "--database-url", help="sqlite:///file or postgresql://… (default: SQLite in instance/, or NAMRO_DATABASE_URL)"
    )
    test = commands.add_parser("test", help="every check and test; further arguments go to pytest", add_help=False)
    test.add_argument("pytest_arguments", nargs=argparse.REMAINDER)
    setup = commands.add_parser("setup", help="install only, and compile the search for this machine")
    setup.add_argument("--dev", action="store_true", help="also what the tests need")
    given, rest = parser.parse_known_args()
    if rest and given.command != "test":
        parser.error(f"unrecognised: {' '.join(rest)}")

    if given.command == "setup":
        return install(TEST_LOCK if given.dev else RUN_LOCK) or compile_search()
    if given.command == "run":
        return install(RUN_LOCK) or start(given)
    return install(TEST_LOCK) or compile_search() or run_tests([*rest, *given.pytest_arguments])


def install(lock: str) -> int:
    """Make .venv and install exactly what `lock` names; does nothing where that has been done."""
    wanted = digest(lock)
    installed = read_stamp()
    if installed.get(lock) == wanted and PYTHON.exists():
        return 0
    if not installed or not PYTHON.exists():
        print(f"Tạo môi trường Python / making {VENV.name} …", flush=True)
        venv.create(VENV, clear=VENV.exists(), with_pip=True)
        installed = {}
    status = pip_install(lock)
    if status:
        print(
            "Cài đặt không xong; kiểm tra kết nối mạng rồi chạy lại. / Installing failed; check the network and run again.",
            file=sys.stderr,
        )
        return status
    installed[lock] = wanted
    if lock == TEST_LOCK:  # it holds the other as a part
        installed[RUN_LOCK] = digest(RUN_LOCK)
    STAMP.write_text(json.dumps({"python": sys.version, "locks": installed}), encoding="utf-8")
    return 0


def digest(*names: str) -> str:
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def read_stamp() -> dict[str, str]:
    """Return {lock: digest} of what .venv holds; empty where it is missing, broken or of another Python."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return dict(stamp["locks"]) if stamp["python"] == sys.version else {}
    except (OSError, ValueError, KeyError):
        return {}


def pip_install(lock: str) -> int:
    """Install the lock with pip, its files checked against the hashes in it, and show how far it is."""
    packages = len(re.findall(r"^[a-z0-9]\S*==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "--no-input", "-r", lock]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
    ) as pip:
        seen = 0
        for line in pip.stdout or ():
            if line.startswith(("Collecting ", "Requirement already satisfied", "Ignoring ")):
                seen = min(seen + 1, packages)
                show_progress(seen, packages, "tải thư viện / fetching")
            elif line.startswith("Installing collected"):
                show_progress(packages, packages, "đang cài / installing   ")
        errors = pip.stderr.read() if pip.stderr else ""
    print(flush=True)
    if pip.returncode:
        print(errors, file=sys.stderr)
    return pip.returncode


def compile_search() -> int:
    """Have the search compiled for this machine; does nothing where that has been done for these files.

    The weekly plan needs it: compiled now, while somebody watches, rather than in the first plan's own time.
    """
    wanted = digest(RUN_LOCK, *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "solver").rglob("*.py")))
    try:
        made = json.loads(COMPILED.read_text(encoding="utf-8"))
        if made["digest"] == wanted and Path(made["kept_in"]).is_dir():
            return 0
    except (OSError, ValueError, KeyError, TypeError):
        pass
    compiling = subprocess.Popen(
        [str(PYTHON), "-m", "solver", "warm", "--progress"], cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1"},
        stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    kept_in, faults, shown = "", [], -1
    with compiling:
        for line in compiling.stderr or ():
            try:
                told = json.loads(line)
            except ValueError:
                faults.append(line)
                continue
            kept_in = told.get("kept_in", "")
            if told.get("compiled", shown) != shown:
                shown = told["compiled"]
                show_progress(told["compiled"], told["of"], "chuẩn bị bộ tính, chỉ lần đầu / compiling, first time only")
    print(flush=True)
    if compiling.returncode or not kept_in:
        print("".join(faults), file=sys.stderr)
        print("Chưa chuẩn bị được bộ tính. / The search could not be compiled.", file=sys.stderr)
        return compiling.returncode or 1
    COMPILED.write_text(json.dumps({"digest": wanted, "kept_in": kept_in}), encoding="utf-8")
    return 0


def show_progress(done: int, total: int, what: str) -> None:
    """Draw a bar over itself on a terminal; elsewhere print a line a quarter."""
    if sys.stdout.isatty():
        filled = 30 * done // total
        print(f"\r[{'█' * filled}{'·' * (30 - filled)}] {done}/{total} {what}", end="", flush=True)
    elif done == total or done % max(1, total // 4) == 0:
        print(f"{done}/{total} {what}", flush=True)


def start(given: argparse.Namespace) -> int:
    """Hand over to manage.py, which knows all parts; Ctrl-C reaches it too and stops everything."""
    compile_search()  # where that fails it has said so: everything but planning works without it
    environ = dict(os.environ)
    environ.setdefault("NAMRO_ENVIRONMENT", "development")
    if given.port is not None:
        environ["NAMRO_PORT"] = str(given.port)
    if given.database_url:
        environ["NAMRO_DATABASE_URL"] = given.database_url
    return call([str(PYTHON), "manage.py", "start", *(["--empty"] if given.empty else [])], environ)


def run_tests(arguments: list[str]) -> int:
    environ = dict(os.environ)
    # Without arguments: everything, on two processes; the checks of style, types and imports are tests too.
    # Each process has half of the tests, in their order; who is done takes half of what the other still has before it.
    parallel = [] if any(a.startswith(("-n", "-p", "--pdb")) for a in arguments) else ["-n", "2", "--dist", "worksteal"]
    return call([str(PYTHON), "-m", "pytest", *parallel, *arguments], environ)


def call(command: list[str], environ: dict[str, str]) -> int:
    """Run a command to its end. It shares our terminal, so Ctrl-C is its to handle; we only wait for it."""
    environ["PYTHONUTF8"] = "1"
    with subprocess.Popen(command, cwd=ROOT, env=environ) as child:
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue


if __name__ == "__main__":
    sys.exit(main())
