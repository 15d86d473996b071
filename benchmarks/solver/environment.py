"""The peers' own environment, and what the measurements were made on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def peers_python(folder: Path) -> Path:
    """Return the Python of the peers' environment in `folder`, made where it is missing or of other versions."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "installed.txt"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
        print(f"installing the peers into {folder}", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]
        subprocess.run(command, check=True)
        stamp.write_text(wanted)
    return python


def machine() -> dict[str, str]:
    """Return what a reader must know of the machine, as {name: text}."""
    told = {
        "processor": _first(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": _first(Path("/proc/meminfo"), "MemTotal"),
        "system": f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}",
    }
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "numba", "ortools")}
    return {**told, "libraries": ", ".join(f"{name} {v}" for name, v in versions.items())}


def commit() -> str:
    """Return the commit measured, with a + where the solver differs from it; "unknown" outside a repository."""
    asked = ["git", "-C", str(ROOT)]
    found = subprocess.run([*asked, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    if found.returncode:
        return "unknown"
    changed = subprocess.run([*asked, "status", "--porcelain", "--", "solver"], capture_output=True, text=True, check=False)
    return found.stdout.strip() + ("+" if changed.stdout.strip() else "")


def _first(path: Path, key: str) -> str:
    if not path.exists():
        return ""
    lines = (line.partition(":") for line in path.read_text().splitlines())
    value = next((value.strip() for name, _, value in lines if name.strip() == key), "")
    return f"{int(value.split()[0]) / 2**20:.0f} GiB" if value.endswith(" kB") else value
