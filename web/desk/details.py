"""How stored details read on the desk's pages: births, audit facts, what an import changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from planner.domain.vocabulary import AccountState, DocumentState, Residence, Sex, Work
from web.words import label

LONGEST_SHOWN = 200
_BY_FIELD = {"account": AccountState, "residence": Residence, "work": Work, "sex": Sex}


def birth_words(birth: str) -> str:
    """Return ``31/5/1982``, ``5/1982`` or ``1982``: as much as is known."""
    return "/".join(part.lstrip("0") or "0" for part in reversed(birth.split("-")))


def field_words(name: str) -> str:
    """Return what people call a column of the roster."""
    return {
        "name": _("họ và tên"),
        "birth": _("ngày sinh"),
        "sex": _("giới tính"),
        "relation": _("quan hệ với chủ hộ"),
        "phone": _("điện thoại"),
        "residence": _("cư trú"),
        "work": _("công việc"),
        "account": _("tài khoản"),
        "documents": _("giấy tờ"),
        "household_id": _("hộ"),
        "hamlet_id": _("thôn"),
        "address": _("địa chỉ"),
        "note": _("ghi chú"),
        "head_name": _("chủ hộ"),
        "languages": _("tiếng nói"),
    }.get(name, name)


def field_changes(fields: Mapping[str, Any]) -> str:
    """Return ``ngày sinh 1982 → 31/5/1982; tài khoản …``."""
    parts = []
    for name, (before, after) in fields.items():
        if name in ("household_id", "hamlet_id"):
            parts.append(field_words(name))
        else:
            parts.append(f"{field_words(name)} {_value(name, before)} → {_value(name, after)}")
    return "; ".join(parts)


def _value(name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    if name == "birth":
        return birth_words(str(value))
    if name in _BY_FIELD and value in set(_BY_FIELD[name]):
        return label(_BY_FIELD[name](value))
    if name == "phone":
        return f"•••{str(value)[-3:]}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {label(DocumentState(v)) if v in set(DocumentState) else v}" for key, v in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)[:LONGEST_SHOWN]


def changed_words(facts: Mapping[str, Any] | None) -> str:
    """Return the facts of an audit entry on one line; they hold codes and numbers only."""
    if not facts:
        return ""
    parts = []
    for key, value in facts.items():
        if value is None or value == {} or value == []:
            continue
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        parts.append(f"{key}: {shown}")
    return "; ".join(parts)[:LONGEST_SHOWN]


def question_options(question: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the choices of a reader's question; the first is what it did."""
    special = {"no": _("Không"), "yes": _("Có"), "ignore": _("Bỏ qua cột này")}
    options = []
    for choice in question["choices"]:
        value, text = choice["value"], choice["label"]
        if value in special:
            text = special[value]
        elif value in set(AccountState) and text == value:
            text = label(AccountState(value))
        options.append((value, text))
    return options
