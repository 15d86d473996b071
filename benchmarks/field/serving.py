"""Server processes made to be killed: this one has everything loaded and forks a ready one for each line it reads.

Started by `Servers`. What a forked process runs is the application of production behind waitress, on a port of its own.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a key only benchmarks know, of 32 letters"


def main(url: str, folder: str) -> None:
    """Fork a server for each line of standard input; answer with its process id and port."""
    from sqlalchemy.orm import configure_mappers

    from config import Settings
    from planner.models import Database
    from web import create_app
    from web.wsgi import server, spare_the_collector

    settings = Settings(database_url=url, data_dir=Path(folder), secret_key=SECRET, port=0, log_level="WARNING")
    app = create_app(settings, db=Database(url))
    configure_mappers()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for every phone that waits
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            httpd = server(app, settings)
            spare_the_collector()
            os.write(tell, f"{httpd.effective_port}\n".encode())
            httpd.run()
            os._exit(0)
        os.close(tell)
        print(child, os.read(told, 16).decode().strip(), flush=True)
        os.close(told)


class Servers:
    """Starts servers and kills them.

    >>> with Servers(url, folder) as servers:
    ...     port = servers.start()
    ...     servers.kill()
    """

    def __init__(self, url: str, folder: Path) -> None:
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.field.serving", url, str(folder)], cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._child: int | None = None

    def start(self) -> int:
        """Start a server and return its port."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write("start\n")
        self._mother.stdin.flush()
        child, port = self._mother.stdout.readline().split()
        self._child = int(child)
        return int(port)

    def cpu_seconds(self) -> float:
        """Return the processor time the server has used: what a busy machine does not change much."""
        try:
            fields = Path(f"/proc/{self._child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return float("nan")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """Kill the server as it stands: no handler runs, nothing is flushed."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            self._child = None

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.kill()
        self._mother.kill()
        self._mother.wait()
        for pipe in (self._mother.stdin, self._mother.stdout):
            if pipe is not None:
                pipe.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
