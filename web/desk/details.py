"""How stored details read on the desk's pages: births, audit facts, what an import changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from planner.domain.vocabulary import (
    AccountState,
    DocumentState,
    NeedState,
    Outcome,
    Period,
    Residence,
    Role,
    RuleKind,
    RunKind,
    Sex,
    StopReason,
    Work,
)
from web.desk.goals_form import goal_code, goal_words
from web.desk.settings_form import label_of
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
        "official": _("cán bộ"),
        "org": _("tổ chức"),
        "usual": _("buổi thường rảnh"),
        "can_lead": _("làm tổ trưởng được"),
        "max_shifts": _("số ca nhiều nhất"),
        "needs_woman": _("tổ đến thăm phải có nữ"),
        "lat": _("vĩ độ"),
        "lon": _("kinh độ"),
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


def fact_words(name: str) -> str:
    """Return what people call a fact of an audit entry; one without a word keeps its code."""
    return {
        "added": _("thêm"),
        "assignments": _("lượt thăm"),
        "changed": _("đã sửa"),
        "created": _("thêm"),
        "dropped": _("bỏ ra"),
        "ends_on": _("kết thúc"),
        "goals": _("chỉ tiêu"),
        "hours": _("giờ"),
        "households": _("hộ"),
        "kept": _("giữ"),
        "kind": _("loại"),
        "accounts": _("tài khoản"),
        "disabled": _("khóa"),
        "documents": _("giấy tờ"),
        "devices_signed_out": _("thiết bị đã thu hồi"),
        "made": _("mới"),
        "missed": _("bỏ lỡ"),
        "needs": _("việc"),
        "remembered": _("ghi nhớ thiết bị"),
        "template": _("mẫu"),
        "total": _("tổng điểm"),
        "monday": _("tuần từ"),
        "moved": _("đổi"),
        "on_date": _("ngày"),
        "outcome": _("kết quả"),
        "period": _("buổi"),
        "periods": _("buổi"),
        "reason": _("lý do"),
        "refused": _("bị bỏ qua"),
        "residents": _("người"),
        "revision": _("bản"),
        "role": _("vai trò"),
        "rows": _("dòng"),
        "settings": _("thiết lập"),
        "shifts": _("ca"),
        "starts_on": _("bắt đầu"),
        "state": _("tình trạng"),
        "unchanged": _("giữ nguyên"),
        "updated": _("thay đổi"),
        "volunteers": _("tình nguyện viên"),
        "withdrawn": _("rút"),
    }.get(name, name.replace("_", " "))


# Numbers of rows, which tell a reader nothing; and states of rows by their numbers, of which the reader is told how many.
_IDS = frozenset({"stops", "visit", "corrects", "resident", "user", "link", "run_id", "appointments", "cancelled_appointments"})
_STATES_BY_ID: dict[str, type[StrEnum]] = {"needs": NeedState, "accounts": AccountState}
_FACT_WORDS: dict[str, tuple[type[StrEnum], ...]] = {
    "outcome": (Outcome,),
    "role": (Role,),
    "reason": (StopReason,),
    "kind": (RuleKind, RunKind),
    "period": (Period,),
    "periods": (Period,),
    "state": (NeedState,),
}


def who_words(who: str) -> str:
    """Return who did something: a person's name; the command line and jobs by a word."""
    if who.startswith("job:"):
        return _("lịch tự động")
    return _("dòng lệnh") if who == "cli" else who


def changed_words(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """Return the facts of an audit entry on one line, before and after; they hold codes and numbers only."""
    return " → ".join(filter(None, (_facts(before), _facts(after))))


def _facts(facts: Mapping[str, Any] | None) -> str:
    told = [(name, value) for name, value in (facts or {}).items() if value not in (None, "", {}, []) and name not in _IDS]
    return "; ".join(f"{fact_words(name)}: {_fact(name, value)}" for name, value in told)[:LONGEST_SHOWN]


def _fact(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_fact(name, item) for item in value)
    if name == "goals" and isinstance(value, Mapping):
        return ", ".join(f"{goal_code(path)} {goal_words(path, item)}" for path, item in value.items())
    if name in _STATES_BY_ID and isinstance(value, Mapping):
        counted = Counter(label(_STATES_BY_ID[name](state)) for state in value.values())
        return ", ".join(f"{count} {state}" for state, count in counted.items())
    if name == "documents" and isinstance(value, Mapping):
        return _("%(count)s người", count=len(value))
    if name == "changed":
        return field_words(str(value))
    if name == "settings":
        return label_of(str(value))
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, Mapping):
        return ", ".join(f"{fact_words(key)} {item}" for key, item in value.items())
    for kind in _FACT_WORDS.get(name, ()):
        if value in set(kind):
            return label(kind(value))
    return str(value)


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
