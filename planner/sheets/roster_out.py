"""Write a roster as .xlsx: text cells, zeros kept, nothing that runs; words our own reader reads back."""

# ruff: noqa: E501 - columns side by side

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from planner.domain.vocabulary import AccountState, Residence, Sex, Work
from planner.sheets.escaping import safe_text

_COLUMNS = (
    ("STT", 6), ("Thôn/ấp", 18), ("Mã hộ", 12), ("Họ và tên chủ hộ", 24), ("Họ và tên", 24), ("Ngày sinh", 12), ("Giới tính", 9),
    ("Quan hệ với chủ hộ", 14), ("Nơi ở hiện tại", 34), ("Số điện thoại", 13), ("Tình trạng cư trú", 14), ("Tài khoản mức 2", 16), ("BHYT", 10),
    ("GPLX", 10), ("GCNĐKX", 10), ("Mã số thuế", 10), ("Người phụ thuộc", 10), ("Đăng nhập Cổng DVCQG", 12),
    ("Số điện thoại thông minh của hộ", 12), ("Việc làm", 16), ("Tọa độ nhà", 22), ("Tiếng nói", 12), ("Ghi chú", 30),
)  # fmt: skip
_DOCUMENTS = ("bhyt", "gplx", "gcn", "mst", "npt", "portal")
_RESIDENCES = {
    Residence.PERMANENT: "Thường trú",
    Residence.TEMPORARY: "Tạm trú",
    Residence.ABSENT: "Tạm vắng",
    Residence.UNKNOWN: "",
}
_ACCOUNTS = {AccountState.ACTIVATED: "Đã kích hoạt", AccountState.ISSUED: "Chưa kích hoạt", AccountState.NONE: "Chưa có",
             AccountState.NA: "Không thuộc diện", AccountState.UNKNOWN: "Chưa rõ"}  # fmt: skip
_WORKS = {Work.HOME: "Ở nhà", Work.WORKER: "Công nhân", Work.PUPIL: "Học sinh", Work.SHIFT: "Làm ca", Work.AWAY: "Đi làm xa",
          Work.NA: "Không áp dụng", Work.UNKNOWN: ""}  # fmt: skip
_STATES = {"integrated": "Có", "owned": "Chưa", "none": "Không có", "unknown": ""}


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One resident as the workbook shows them."""

    hamlet: str
    household_code: str
    head_name: str
    name: str
    birth: str  # ISO: 1982, 1982-05 or 1982-05-31
    sex: Sex | None
    relation: str
    address: str
    phone: str
    residence: Residence
    account: AccountState
    documents: Mapping[str, str]
    smartphones: int | None
    work: Work
    lat: float | None
    lon: float | None
    languages: tuple[str, ...]
    note: str

    def texts(self) -> list[str]:
        """Return the row's cells after the running number."""
        place = f"{self.lat}, {self.lon}" if self.lat is not None and self.lon is not None else ""
        return [
            self.hamlet, self.household_code, self.head_name, self.name, "/".join(reversed(self.birth.split("-"))),
            {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}[self.sex] if self.sex is not None else "", self.relation, self.address, self.phone,
            _RESIDENCES[self.residence], _ACCOUNTS[self.account], *(_STATES.get(self.documents.get(name, ""), "") for name in _DOCUMENTS),
            "" if self.smartphones is None else str(self.smartphones), _WORKS[self.work], place, ", ".join(self.languages), self.note,
        ]  # fmt: skip


def write_roster(target: Path, commune: str, on_date: date, lines: Iterable[RosterLine]) -> int:
    """Write the lines to `target`; return how many there were."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("Nhân khẩu")
    for column, (_, width) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A4"
    sheet.append([_text(sheet, f"DANH SÁCH NHÂN KHẨU – {commune.upper()}", Font(bold=True, size=13))])
    sheet.append([_text(sheet, f"Số liệu đến ngày {on_date:%d/%m/%Y}", Font(italic=True))])
    heads = [_text(sheet, title, Font(bold=True)) for title, _ in _COLUMNS]
    for cell in heads:
        cell.fill = PatternFill("solid", fgColor="FFDDEBF7")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.append(heads)
    count = 0
    for count, line in enumerate(lines, 1):
        sheet.append([count, *(_plain(sheet, text) for text in line.texts())])
    if count:
        sheet.auto_filter.ref = f"A3:{get_column_letter(len(_COLUMNS))}{count + 3}"
    book.save(target)
    return count


def _text(sheet: Any, text: str, font: Font) -> Any:
    cell = WriteOnlyCell(sheet, value=safe_text(text))
    cell.data_type = "s"
    cell.font = font
    return cell


def _plain(sheet: Any, text: str) -> Any:
    """Return a text as it is cheapest to write: only what Excel could take for a formula needs a cell of its own."""
    if not text:
        return None
    if text[0] in "=+-@":
        cell = WriteOnlyCell(sheet, value=safe_text(text))
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
    return safe_text(text)
