"""The duty officer's pages: bring the lists in, draft the week, publish it, follow it, give again what was missed."""

from __future__ import annotations

from importlib import import_module

from web.desk.routes import blueprint

# Each adds its routes to the blueprint.
for _module in ("settings",):
    import_module(f"web.desk.{_module}")

__all__ = ["blueprint"]
