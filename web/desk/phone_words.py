"""What a report from a phone says, in the words of the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from planner.domain.text import printable
from planner.domain.vocabulary import FieldKind, NeedResult, Outcome, Work
from planner.services.sync.reviewing import Report
from web.words import label, moment, phone


def report_words(report: Report) -> list[str]:
    """Return the lines of a report: what was said, what the clock said, what was found about it."""
    lines = list(_said(report)) if report.body else []
    if report.paper:
        lines.append(_("Ghi từ phiếu giấy: danh sách số %(number)s, dòng %(row)s", number=report.paper[0], row=report.paper[1]))
    flags = {
        "late": _("Gửi muộn, sau khi hết ca"),
        "clock_ahead": _("Đồng hồ điện thoại chạy trước: máy ghi %(when)s", when=moment(report.occurred_at)),
        "clock_behind": _("Đồng hồ điện thoại chạy chậm: máy ghi %(when)s", when=moment(report.occurred_at)),
        "week_closed": _("Tuần đã khép"),
        "from_receipt": _("Gửi lại từ biên nhận sau khi khôi phục bản sao lưu; phần chữ không còn"),
        "desk_full": _("Giờ hẹn ở bàn công an đã kín chỗ"),
    }
    return [*lines, *(flags[flag] for flag in report.flags if flag in flags)]


def _said(report: Report) -> Iterator[str]:
    body = report.body
    if report.kind is FieldKind.VISIT:
        yield from _visit(body)
    elif report.kind in (FieldKind.FOUND_RESIDENT, FieldKind.FOUND_HOUSEHOLD):
        parts = (
            body.get("name") or body.get("head_name"),
            body.get("birth_year"),
            body.get("address"),
            _phone(body.get("phone")),
        )
        yield ", ".join(printable(str(part)) for part in parts if part)
        if report.waits_for_household:
            yield _("Ở hộ mới: %(name)s. Ghi hộ ấy trước, rồi ghi người này.", name=_new_household(report))
    elif report.kind is FieldKind.FACTS:
        yield from _facts(report)
    elif report.kind is FieldKind.AVAILABILITY:
        free = body.get("free")
        yield _(
            "Rảnh %(count)s buổi trong tuần từ %(monday)s",
            count=len(free) if isinstance(free, list) else 0,
            monday=_text(body, "monday"),
        )
    reason = _text(body, "reason")
    if reason:
        yield _("Lý do: %(reason)s", reason=reason)
    note = _text(body, "note")
    if note:
        yield _("Ghi chú: %(note)s", note=note)


def _new_household(report: Report) -> str:
    return report.new_household.head_name if report.new_household else _("chưa gửi đến")


def _visit(body: Mapping[str, Any]) -> Iterator[str]:
    outcome = body.get("outcome")
    if _is_word(Outcome, outcome):
        yield _("Kết quả: %(outcome)s", outcome=label(Outcome(outcome)))
    results = body.get("results")
    for line in results if isinstance(results, list) else ():
        if isinstance(line, dict) and _is_word(NeedResult, line.get("result")):
            yield f"{label(NeedResult(line['result']))} {_text(line, 'reason')}".strip()
    for name, words in (("callback", _("Hẹn lại")), ("police_appointment", _("Hẹn ra công an"))):
        promise = body.get(name)
        if isinstance(promise, dict):
            hours = " ".join(_text(promise, part) for part in ("on_date", "period", "starts", "ends")).strip()
            yield f"{words}: {hours}"


def _facts(report: Report) -> Iterator[str]:
    names = {"phone": _("Điện thoại"), "smartphone": _("Điện thoại thông minh"), "working_pattern": _("Giờ làm việc")}
    changes = report.body.get("changes")
    for name, change in changes.items() if isinstance(changes, dict) else ():
        if name in names and isinstance(change, dict):
            yield _(
                "%(what)s: từ “%(before)s” thành “%(after)s”; hiện nay là “%(now)s”",
                what=names[name], before=_fact(change.get("from")), after=_fact(change.get("to")),
                now=_fact(report.known.get(name)),
            )  # fmt: skip


def _fact(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return label(Work(value)) if _is_word(Work, value) else _phone(str(value))


def _is_word(words: type[StrEnum], value: object) -> bool:
    return isinstance(value, str) and value in set(words)


def _phone(text: Any) -> str:
    return phone(text) if isinstance(text, str) and text.isdigit() else printable(str(text or ""))


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return printable(value) if isinstance(value, str) else ""
