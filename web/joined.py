"""ES modules joined into one file when the server starts: one request instead of forty over a slow mobile line.

The parts stay apart for their readers, and nothing has to be built: each module becomes a function that is called once and
gives back what it exports. Read are the plain forms that the modules here are written in; others are refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import normpath

_IMPORT = re.compile(r'^import (?:\{ (?P<names>[^}]+) \}|\* as (?P<whole>\w+)) from "(?P<path>[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (?P<name>\w+))", re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{ (?P<names>[^}]+) \};\n?", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)
# Words for readers: comments that fill whole lines, and types written within a line.
_COMMENTS = (
    re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL),
    re.compile(r"^[ \t]*//.*\n", re.MULTILINE),
    re.compile(r"/\*\* @type .*?\*/ ?"),
    re.compile(r"^[ \t]+", re.MULTILINE),
)


class CannotJoin(Exception):
    """A module is written in a form that is not read here; the message names module and line."""


def join_modules(entry: str, modules: Mapping[str, str]) -> str:
    """Return one module that does what `entry` and all it imports do.

    Parameters
    ----------
    entry
        Name of the module to begin with.
    modules
        Their texts by name, e.g. ``field/main.js``; imports are relative to them.

    Raises
    ------
    CannotJoin
        For a form that is not read, a module that is missing, or a circle of imports.
    """
    joined: dict[str, str] = {}
    _add(entry, modules, joined, ())
    return "\n".join(joined.values()) + "\n"


def _add(name: str, modules: Mapping[str, str], joined: dict[str, str], way: tuple[str, ...]) -> None:
    if name in joined:
        return
    if name in way or name not in modules:
        raise CannotJoin(f"{' → '.join((*way, name))}: {'a circle' if name in way else 'no such module'}")
    text = modules[name]
    for found in _IMPORT.finditer(text):
        _add(_resolved(name, found["path"]), modules, joined, (*way, name))
    joined[name] = _as_function(name, text)


def _as_function(name: str, text: str) -> str:
    body = _IMPORT.sub(lambda found: _taken(name, found), text)
    exported = [found["name"] for found in _EXPORT.finditer(body)]
    body = _EXPORT.sub("", body)
    for found in _EXPORT_LIST.finditer(body):
        exported += [": ".join(reversed(part.strip().split(" as "))) for part in found["names"].split(",")]
    body = _EXPORT_LIST.sub("", body)
    if left := _LEFT_OVER.search(body):
        raise CannotJoin(f"{name}: {left.group()}")
    for comment in _COMMENTS:
        body = comment.sub("", body)
    return f"const {_variable(name)} = (() => {{\n{body.rstrip()}\nreturn {{ {', '.join(exported)} }};\n}})();"


def _taken(name: str, found: re.Match[str]) -> str:
    source = _variable(_resolved(name, found["path"]))
    if found["whole"]:
        return f"const {found['whole']} = {source};\n"
    names = ", ".join(part.strip().replace(" as ", ": ") for part in found["names"].split(","))
    return f"const {{ {names} }} = {source};\n"


def _resolved(name: str, path: str) -> str:
    return normpath(str(PurePosixPath(name).parent / path))


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
