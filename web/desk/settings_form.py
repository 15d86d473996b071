"""The campaign's settings as a form: one row a setting, read into the JSON that the domain checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from planner.domain.settings import FIVE_CLEARS, SIX_CLEARS, CampaignSettings
from web.desk.clock_fields import CLOCK_SECTIONS
from web.desk.learning_fields import LEARNING_SECTION
from web.desk.setting_field import Field
from web.forms import WHOLE_PAGE, FormErrors

CLEAR_SETS = {"5": FIVE_CLEARS, "6": SIX_CLEARS}

SECTIONS: tuple[tuple[object, tuple[Field, ...]], ...] = (
    (
        _("Tổ đi thăm"),
        (
            Field("crew_size", _("Số người mỗi tổ"), "number", _("Nên là hai người, một người ở chính thôn đó.")),
            Field("crew_needs_lead", _("Mỗi tổ phải có một người làm tổ trưởng được"), "yes_no"),
            Field("max_shifts", _("Số ca nhiều nhất mỗi người một tuần"), "number", unit=_("ca")),
        ),
    ),
    (
        _("Giờ đi thăm"),
        (
            Field("periods.S", _("Ca sáng"), "span"),
            Field("periods.C", _("Ca chiều"), "span"),
            Field("periods.T", _("Ca tối"), "span"),
            Field("quiet_from", _("Giờ nghỉ đêm, từ"), "time"),
            Field("quiet_until", _("Giờ nghỉ đêm, đến"), "time"),
            Field("rest_from", _("Giờ nghỉ trưa, từ"), "time"),
            Field("rest_until", _("Giờ nghỉ trưa, đến"), "time"),
            Field("evening_stop", _("Mọi tổ đã về, muộn nhất"), "time"),
        ),
    ),
    (
        _("Số lần đến một hộ"),
        (
            Field("max_attempts", _("Số lần đến nhiều nhất"), "number", unit=_("lần")),
            Field("hours_between_attempts", _("Hai lần đến cách nhau ít nhất"), "number", unit=_("giờ")),
            Field(
                "grace_minutes",
                _("Chờ ghi kết quả sau khi hết ca"),
                "number",
                _("Quá thời gian này mà chưa ghi kết quả thì lượt thăm tính là bỏ lỡ."),
                _("phút"),
            ),
        ),
    ),
    (
        _("Kế hoạch ưu tiên điều gì"),
        (
            Field(
                "helped_points",
                _("Thêm một người được giúp tính bằng"),
                "number",
                _(
                    "Kích hoạt một tài khoản là 40 điểm, tích hợp một thẻ BHYT là 12. Càng lớn thì kế hoạch càng giúp được nhiều "
                    "người, càng nhỏ thì càng dành giờ cho việc khó. 0: chỉ tính việc."
                ),
                _("điểm"),
            ),
        ),
    ),
    (
        _("Ngày nghỉ và ngày làm bù"),
        (
            Field(
                "closed_dates",
                _("Ngày không đi thăm"),
                "dates",
                _("Mỗi dòng một ngày, ví dụ 31/12/2026. Ngày lễ của cả nước đã được tính sẵn."),
            ),
            Field("open_dates", _("Ngày lễ vẫn đi thăm"), "dates", _("Mỗi dòng một ngày.")),
            Field("working_dates", _("Thứ Bảy, Chủ nhật làm bù"), "dates", _("Mỗi dòng một ngày.")),
        ),
    ),
    (
        _("Người trực và người kiểm tra"),
        (
            Field("desk_name", _("Cán bộ trực"), "text", _("Tên các tổ thấy trên thẻ 5 rõ khi cần gọi.")),
            Field("desk_phone", _("Điện thoại trực"), "text"),
            Field("reviewer", _("Người kiểm tra kết quả"), "text", _("Ví dụ: phó trưởng Công an xã.")),
            Field(
                "clears", _("Bộ rõ dùng trên thẻ"), "choice", choices=(("5", _("5 rõ")), ("6", _("6 rõ (thêm rõ thẩm quyền)")))
            ),
        ),
    ),
    (
        _("Ảnh hoạt động"),
        (
            Field(
                "evidence_days",
                _("Giữ ảnh sau khi hết đợt"),
                "number",
                _("Hết thời hạn này, máy tự xóa hẳn ảnh; số lượng vẫn được giữ."),
                _("ngày"),
            ),
        ),
    ),
    (
        _("Bàn làm định danh của công an"),
        (
            Field(
                "police_places",
                _("Số người nhận mỗi giờ"),
                "number",
                _("Tổ đi thăm thấy giờ nào còn chỗ khi hẹn người dân ra công an."),
                _("người"),
            ),
            Field("police_hours.S", _("Giờ nhận buổi sáng"), "span"),
            Field("police_hours.C", _("Giờ nhận buổi chiều"), "span"),
            Field("police_weekends", _("Nhận cả thứ Bảy, Chủ nhật"), "yes_no"),
        ),
    ),
    (
        _("Địa danh cũ"),
        (
            Field(
                "former_places",
                _("Xã, thôn cũ nay là"),
                "pairs",
                _("Mỗi dòng một nơi: tên cũ = tên nay. Ví dụ: xã Tân Lập = xã Lộc Hòa; Ấp 1, xã Tân Lập = Ấp 1A."),
            ),
        ),
    ),
    LEARNING_SECTION,
    *CLOCK_SECTIONS,
)
ON_OTHER_PAGES = {
    "organisation_quotas": _("Chỉ tiêu hướng dẫn của lực lượng"),
    "hamlet_quotas": _("Chỉ tiêu hướng dẫn của tổ thôn"),
}
FIELDS = tuple(field for _title, fields in SECTIONS for field in fields)
FORM_NAMES = frozenset(
    name for f in FIELDS for name in ((f"{f.name}-from", f"{f.name}-to") if f.kind == "span" else (f.name,))
) | {"name", "starts_on", "ends_on"}


def shown(settings: CampaignSettings) -> dict[str, Any]:
    """Return what each input of the form holds for these settings."""
    values: dict[str, Any] = {}
    for field in FIELDS:
        value = _value(settings, field.path)
        if field.kind == "span":
            values[f"{field.name}-from"], values[f"{field.name}-to"] = (f"{end:%H:%M}" for end in value)
        elif field.kind == "time":
            values[field.name] = f"{value:%H:%M}"
        elif field.kind == "date":
            values[field.name] = f"{value:%d/%m/%Y}" if value else ""
        elif field.kind == "dates":
            values[field.name] = "\n".join(f"{day:%d/%m/%Y}" for day in value)
        elif field.kind == "pairs":
            values[field.name] = "\n".join(f"{former} = {now}" for former, now in value.items())
        elif field.path == "clears":
            values[field.name] = "6" if len(value) == len(SIX_CLEARS) else "5"
        else:
            values[field.name] = value
    return values


def _value(settings: CampaignSettings, path: str) -> Any:
    head, _dot, rest = path.partition(".")
    value = getattr(settings, head)
    return value[rest] if rest else value


def read(form: Mapping[str, str], errors: FormErrors) -> dict[str, Any]:
    """Return the form as the JSON of `CampaignSettings.from_dict`; what cannot be read at all goes to `errors`."""
    given: dict[str, Any] = {}
    for field in FIELDS:
        value = _read(field, form, errors)
        if value is not None or field.kind == "date":  # no date is a value: it takes one away
            _put(given, field.path, value)
    return given


def _read(field: Field, form: Mapping[str, str], errors: FormErrors) -> Any:
    text = form.get(field.name, "").strip()
    if field.kind == "yes_no":
        return text == "yes"
    if field.kind == "span":
        return [form.get(f"{field.name}-from", ""), form.get(f"{field.name}-to", "")]
    if field.kind == "date":
        return _day(field, text, errors)
    if field.kind == "dates":
        return _days(field, text, errors)
    if field.kind == "pairs":
        return _pairs(field, text, errors)
    if field.path == "clears":
        return [clear.value for clear in CLEAR_SETS.get(text, FIVE_CLEARS)]
    if field.kind in ("number", "weekday"):
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        errors.add(field.name, gettext("Hãy nhập một số nguyên."))
        return None
    return text


def _day(field: Field, text: str, errors: FormErrors) -> str | None:
    days = _days(field, text, errors)
    if days is not None and len(days) > 1:
        errors.add(field.name, gettext("Hãy nhập ngày, ví dụ 31/12/2026."))
    return days[0] if days else None


def _days(field: Field, text: str, errors: FormErrors) -> list[str] | None:
    days = []
    for line in filter(None, (part.strip() for part in text.replace(",", "\n").splitlines())):
        try:
            days.append(day_of(line).isoformat())
        except ValueError:
            errors.add(field.name, gettext("“%(line)s” không phải là ngày. Hãy viết như 31/12/2026.", line=line[:20]))
            return None
    return days


def _pairs(field: Field, text: str, errors: FormErrors) -> dict[str, str] | None:
    pairs = {}
    for line in filter(None, (part.strip() for part in text.replace(";", "\n").splitlines())):
        former, _sign, now = (part.strip() for part in line.partition("="))
        if not former or not now:
            errors.add(field.name, gettext("“%(line)s” thiếu tên cũ hoặc tên nay. Hãy viết: tên cũ = tên nay.", line=line[:60]))
            return None
        pairs[former] = now
    return pairs


def day_of(text: str) -> date:
    """Return a date written day first, as on paper, or as a browser's date field sends it."""
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date, no instant
        except ValueError:
            continue
    raise ValueError(text)


def _put(given: dict[str, Any], path: str, value: Any) -> None:
    head, _dot, rest = path.partition(".")
    if rest:
        given.setdefault(head, {})[rest] = value
    else:
        given[head] = value


def field_of(path: str) -> Field | None:
    """Return the row of the form that shows a setting: ``closed_dates.3`` belongs to closed_dates."""
    return next((f for f in FIELDS if path == f.path or path.startswith(f.path + ".")), None)


def input_of(path: str) -> str:
    """Return the form's input at which to show the error of a setting."""
    field = field_of(path)
    if path == "periods":  # they overlap
        return "periods-S-from"
    if field is None:
        return WHOLE_PAGE
    return f"{field.name}-from" if field.kind == "span" else field.name


def label_of(path: str) -> str:
    """Return what the page calls a setting."""
    field = field_of(path)
    return str(field.label) if field else str(ON_OTHER_PAGES.get(path, path))


def differing(stored: Mapping[str, Any], typed: Mapping[str, Any]) -> list[str]:
    """Return what the page calls the inputs in which a form differs from what is stored."""
    titles = {"name": gettext("Tên đợt cao điểm"), "starts_on": gettext("Từ ngày"), "ends_on": gettext("Đến hết ngày")}
    for field in FIELDS:
        names = (f"{field.name}-from", f"{field.name}-to") if field.kind == "span" else (field.name,)
        titles |= dict.fromkeys(names, str(field.label))
    return list(dict.fromkeys(title for name, title in titles.items() if _line(stored[name]) != _line(typed[name])))


def _line(value: Any) -> str:
    return " ".join(str(value).split())
