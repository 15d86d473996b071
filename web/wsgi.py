"""The web server: waitress in front of the application. No template is rendered and no rule decided here."""

from __future__ import annotations

import contextlib
import gc
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from config import Settings
from web import create_app
from web.context import QUEUE

THREADS = 8  # SQLite takes one writer at a time; more threads would only queue
# Phones of a whole commune at once: the server's usual hundred would leave the desk waiting behind them unanswered.
MOST_CONNECTIONS = 1000
HEADROOM_BYTES = 1_048_576  # the multipart frame around the largest upload


def application() -> Flask:
    """Return the application of the environment's settings, for any other WSGI server: ``web.wsgi:application()``.

    One worker process, any number of threads: imports under way and failed sign-ins are kept in its memory (decision 11).
    """
    app = create_app(Settings.from_environ())
    spare_the_collector()
    return app


def spare_the_collector() -> None:
    """Tell the garbage collector that what is there at the start stays: it need not look through it ever again.

    Measured with 8,500 households: each full collection stopped a page for 100 ms; the slowest twentieth of requests for
    the week's page went from 160 to 53 ms.
    """
    gc.collect()
    gc.freeze()


def server(app: Flask, settings: Settings) -> Any:
    """Return waitress bound to the settings' address: ``.run()`` serves, `stop` ends it, ``.effective_port`` tells.

    Forwarded headers pass through to `web.create_app`, which alone decides whether to believe them.
    """
    made = create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=THREADS,
        connection_limit=MOST_CONNECTIONS,
        backlog=MOST_CONNECTIONS,
        asyncore_use_poll=True,
        ident="",
        max_request_body_size=settings.max_upload_mb * 1_048_576 + HEADROOM_BYTES,
        clear_untrusted_proxy_headers=False,
    )
    app.extensions[QUEUE] = lambda: len(made.task_dispatcher.queue)
    return made


def stop(httpd: Any) -> None:
    """End a server that runs in another thread; its ``run`` then returns.

    The sockets are closed by the thread that waits on them: closed from here they would fail under its hands. Before that
    the requests under way end: each wakes that thread when it is done, over a pipe that is closed with the sockets.
    """
    httpd.task_dispatcher.shutdown()
    with contextlib.suppress(OSError):  # woken by something else meanwhile, that thread has closed the pipe before we write
        httpd.trigger.pull_trigger(lambda: wasyncore.close_all(httpd._map, ignore_all=True))
