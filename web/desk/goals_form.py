"""The campaign's goals as a form: one input a value, named by its path with hyphens, read into the JSON of `goals.change`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from planner.services.goals import Goals, nested
from web.desk.settings_form import day_of
from web.forms import FormErrors
from web.i18n import language
from web.words import number

LONGEST_FIGURE = 12


@dataclass(frozen=True)
class Difference:
    """A value the reader wanted otherwise than it stands now."""

    what: str
    now: str
    wanted: str


def _inputs(goals: Goals) -> Iterator[tuple[str, Any]]:
    """Yield (path, value as JSON) of everything that may be changed."""
    for kind, lines in goals.plain().items():
        for code, values in lines.items():
            for name, value in values.items():
                yield f"{kind}.{code}.{name}", value


def input_of(path: str) -> str:
    """Return the input that holds a path; that of a group is its first."""
    return {"services": "services-title"}.get(path, path.replace(".", "-"))


def names(goals: Goals) -> frozenset[str]:
    return frozenset(input_of(path) for path, _value in _inputs(goals))


def shown(goals: Goals) -> dict[str, str]:
    """Return what each input holds: a ticked box is "yes"."""
    return {input_of(path): _text(path, value) for path, value in _inputs(goals)}


def typed(goals: Goals, form: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, so that nobody types it twice."""
    return {name: form.get(name, "") for name in names(goals)}


def _text(path: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if path.endswith("as_of_on"):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    if path.endswith("target_percent"):
        return f"{value:g}" if language() == "en" else f"{value:g}".replace(".", ",")
    return str(value)


def read(goals: Goals, form: Mapping[str, str], errors: FormErrors) -> dict[str, Any]:
    """Return the form as JSON; what cannot be read at all goes to `errors`."""
    given: dict[str, Any] = {}
    for path, _value in _inputs(goals):
        try:
            given[path] = _READERS[path.rpartition(".")[2]](form.get(input_of(path), "").strip())
        except ValueError:
            errors.add(input_of(path), _wrong(path))
    return nested(given)


def _wrong(path: str) -> str:
    if path.endswith("as_of_on"):
        return _("Hãy nhập ngày, ví dụ 31/12/2026.")
    return _("Hãy nhập một số, ví dụ 82,5.") if path.endswith("target_percent") else _("Hãy nhập một số nguyên.")


def _ticked(text: str) -> bool:
    return text == "yes"


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_FIGURE):
        raise ValueError(text)
    return int(text)


def _figure(text: str) -> int | None:
    """Read ``8500``, ``8.500`` or ``8 500``; nothing: none."""
    return _whole(text.replace(".", "").replace(",", "").replace(" ", "")) if text else None


def _percent(text: str) -> float:
    if len(text) > LONGEST_FIGURE:
        raise ValueError(text)
    return float(text.replace(",", "."))


def _day(text: str) -> str | None:
    return day_of(text).isoformat() if text else None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "active": _ticked,
    "minutes": _whole,
    "weight": _whole,
    "target_percent": _percent,
    "denominator_value": _figure,
    "denominator_source": str,
    "as_of_on": _day,
}


def differences(goals: Goals, given: Mapping[str, Any]) -> list[Difference]:
    """Return where the form differs from what stands by now."""
    words = path_words(goals)
    wanted = {f"{k}.{c}.{n}": value for k, lines in given.items() for c, values in lines.items() for n, value in values.items()}
    return [
        Difference(words(path), goal_words(path, value), goal_words(path, wanted[path]))
        for path, value in _inputs(goals)
        if wanted[path] != value
    ]


def path_words(goals: Goals) -> Callable[[str], str]:
    """Return a function that names a path: ``Kích hoạt tài khoản định danh mức 2: phút``."""
    titles = {
        f"{kind}.{line.code}": line.name(language())
        for kind, lines in (("services", goals.services), ("indicators", goals.indicators))
        for line in lines
    }
    return lambda path: ": ".join(filter(None, (titles.get(path.rpartition(".")[0], ""), name_words(path.rpartition(".")[2]))))


def name_words(name: str) -> str:
    """Return what people call a value of a goal, of the campaign's name or dates."""
    return {
        "active": _("đang dùng"),
        "minutes": _("số phút mỗi người"),
        "weight": _("điểm ưu tiên"),
        "target_percent": _("mức phải đạt (phần trăm)"),
        "denominator_value": _("mẫu số lấy từ ngoài"),
        "denominator_source": _("nguồn của mẫu số"),
        "as_of_on": _("ngày của mẫu số"),
        "name": _("tên đợt cao điểm"),
        "starts_on": _("từ ngày"),
        "ends_on": _("đến hết ngày"),
    }.get(name, name)


def goal_code(path: str) -> str:
    """Return a path in short, for a line of the journal: ``a1 mức phải đạt``."""
    code, _dot, name = path.removeprefix("services.").removeprefix("indicators.").rpartition(".")
    return f"{code} {name_words(name)}"


def goal_words(path: str, value: Any) -> str:
    """Return how a value reads."""
    if value in (None, ""):
        return _("trống")
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if path.endswith("_on"):
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    return number(value) if isinstance(value, int | float) else str(value)
