"""A row of the settings form."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

WEEKDAY_NAMES = (
    _("thứ Hai"),
    _("thứ Ba"),
    _("thứ Tư"),
    _("thứ Năm"),
    _("thứ Sáu"),
    _("thứ Bảy"),
    _("Chủ nhật"),
)


@dataclass(frozen=True)
class Field:
    """One setting: `path` in the settings (``periods.S``), which is also its name in the form."""

    path: str
    label: object
    kind: str  # number | yes_no | time | span | date | dates | pairs | text | choice | weekday
    hint: object = ""
    unit: object = ""
    choices: tuple[tuple[str, object], ...] = ()

    @property
    def name(self) -> str:
        return self.path.replace(".", "-")


def weekday(path: str, label: object) -> Field:
    """Return the row of a setting that is a day of the week."""
    return Field(path, label, "weekday", choices=tuple((str(i), name) for i, name in enumerate(WEEKDAY_NAMES)))
