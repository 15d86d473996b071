"""The words of header cells, and the field each stands for. Compared unaccented, without punctuation, first match wins."""

# ruff: noqa: E501 - tables of words: one entry a line, however long

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from planner.domain.text import squeeze
from planner.sheets.cleaning import plain_words
from planner.sheets.legacy import legacy_reading

# Where taking the accents away would confuse two words: họ/hộ, nam/năm.
_ACCENTED: dict[str, str] = {
    "họ": "family_name", "hộ": "household_number", "nam": "male", "nữ": "female", "năm": "year", "tên": "given_name", "tháng": "month",
    "ngày": "day", "sđt": "phone", "đt": "phone", "số hộ": "household_number", "hộ số": "household_number", "hồ sơ": "unknown",
    "số hồ sơ": "unknown", "mã hồ sơ": "unknown",
}  # fmt: skip

_DOC_WORDS = {
    "bhyt": r"bhyt|bao hiem y te|bhyte|the bao hiem|bhxh bhyt",
    "gplx": r"gplx|giay phep lai|bang lai|gp lai xe|phep lai xe",
    "gcn": r"gcn|gdkx|dang ky xe|dang ki xe|dk xe|dkx|ca vet|cavet|giay to xe|dang ky phuong tien|dang ky o to|dang ky mo to",
    "mst": r"\bmst\b|ma so thue|ma thue|\bthue\b",
    "npt": r"\bnpt\b|phu thuoc|giam tru gia canh",
    "portal": r"cong dvc|dvcqg|dvctt|dich vu cong|cong dich vu|\bdvc\b",
}

# (field, pattern on the unaccented words)
_RULES: list[tuple[str, str]] = [
    ("sensitive", r"(?<!tieng )\bdan toc\b|ton giao|mat khau|password|\botp\b|tien an|tien su|\bpin\b|anh chan dung|anh cccd|van tay|benh"),
    ("order", r"^(stt|tt|so tt|so thu tu|thu tu|s tt|so tu|no|n o|tt chung|stt chung|stt nhan khau|tt nk|tt nguoi|stt nk|order)$"),
    ("count", r"^(tong( so)?|so nhan khau|so khau|so nguoi|so luong|ty le|ti le|tl|nhan khau so|cong|so dan|tong cong|tong so .*|so hoc sinh|% .*)\b"
     r"|so (nhan )?khau\b|so thanh vien|phan tram|chi tieu"),
    ("relation", r"quan he|^qh\b|qhch|^qhvch|moi qh|voi chu ho|vai tro|relation|^mqh|la gi voi"),
    ("smartphone", r"smart ?phone|dien thoai thong minh|dt thong minh|dttm|sdt thong minh|thiet bi thong minh|may thong minh|dtdd thong minh"),
    ("lat", r"vi do|^lat\b|latitude|^y$|^vd$"),
    ("lon", r"kinh do|^lon\b|^lng\b|^long\b|longitude|^kd$"),
    ("geo", r"toa do|\bgps\b|^vi tri|dinh vi|ban do|google map|coordinates|location"),
    ("unknown", r"ngay cap|noi cap|gan chip|noi sinh|que quan|nguyen quan|trinh do|hoc van|tuoi$|hon nhan|ngay lam|can bo phu trach|nguoi ra soat"
     r"|so (the|bhxh)|ngay vao|ky ten|chu ky|nguoi khai|ngay chuyen|ly do|han su dung|hang gplx|bien so|loai xe"),
    *((doc, words) for doc, words in _DOC_WORDS.items()),
    ("household_code", r"^(ma ho|ma so ho|ma hgd|ma ho gia dinh|so ho khau|so so ho khau|so so hk|so hk|so shk|hgd|ma hk|ma so hgd|ho so ma"
     r"|so dinh danh ho|ma dinh danh ho|household( code| id)?|ma nha|so so tam tru|ma ho dan|so ho so cu tru)$"),
    ("household_number", r"^(so ho|ho so|stt ho|tt ho|so thu tu ho|thu tu ho|so tt ho|ho thu|ho gia dinh so|so thu tu ho gia dinh|ho|ho gia dinh"
     r"|so ho gia dinh|stt ho gia dinh|tt hgd|stt hgd|so hgd|ho dan)$"),
    ("head_phone", r"(sdt|dien thoai|so dt|\bdt\b).*chu ho|chu ho.*(sdt|dien thoai)"),
    ("unknown", r"(cccd|can cuoc|dinh danh|ngay sinh|nam sinh|gioi tinh).*chu ho"),
    ("name", r"chu ho( va|,)? .*(thanh vien|nhan khau|nguoi trong ho)"),
    ("head_name", r"chu ho|ten ho gia dinh|dai dien ho"),
    ("state", r"tai khoan|\btk\b|tkdd|\bmuc (do )?2|\bmuc 02|vneid|kich hoat|dinh danh dien tu|\bdddt\b|tinh trang dinh danh|trang thai dinh danh"
     r"|muc do dinh danh|muc dinh danh|ket qua dinh danh|dinh danh muc"),
    ("cid", r"cccd|can cuoc|ddcn|cmnd|\bcmt\b|cmtnd|dinh danh ca nhan|so dinh danh|ma dinh danh|tuy than|so gttt|\bgttt\b|citizen id|^id( number)?$|ma so ca nhan"
     r"|so dd|^cc$|so can cuoc"),
    ("family_name", r"^(ho dem|ho va dem|ho va ten dem|ho lot|ho va chu dem|ho chu dem|ho ten dem|ho va chu lot|ho va lot|last name|surname|family name"
     r"|ho va ten lot|ho chu lot)$"),
    ("given_name", r"^(ten|ten goi|given name|first name|ten rieng)$"),
    ("name", r"ho (va )?(chu )?(dem )?(va )?ten|^ho ten|ho chu dem ten|ten (nhan khau|cong dan|thanh vien|nguoi|dan|doi tuong|day du|khai sinh)|^nhan khau$|^cong dan$"
     r"|full ?name|^name$|^thanh vien|nhan khau trong ho|^hoten|ho & ten|danh sach nhan khau|^tnv$|tinh nguyen vien|ho dem va ten|^ten nhan khau|nguoi trong ho"),
    ("birth_female", r"(sinh|ns).*\bnu$"),
    ("birth", r"sinh ngay|ngay sinh|nam sinh|sinh nam|ngay thang( nam)? sinh|ngay thang nam|^ntns|^sinh$|\bdob\b|birth|^ns$|^nts|^ng sinh|thang nam sinh|ngay,? thang"),
    ("sex", r"gioi tinh|^gt$|^nam nu$|^phai$|^sex$|gender|^gioi$|^nu nam$|nam hay nu|^phai tinh"),
    ("female", r"^nu$|^nu gioi$"),
    ("phone", r"dien thoai|\bsdt\b|^dt$|\bdtdd\b|so dt\b|di dong|lien lac|lien he|phone|mobile|^tel\b|so dthoai|zalo|dthoai|so may"),
    ("address_now", r"noi o|cho o|hien tai|dang o|hien nay|tam tru tai|noi tam tru|dia chi lien|o dau"),
    ("address", r"dia chi|noi thuong tru|so nha|hktt|noi dktt|dkhk|noi dang ky|noi dk|thuong tru tai|noi cu tru|address|^duong|^ngo$|ho khau thuong tru|noi dang ki"
     r"|^ngo hem|ten duong|^thuong tru$|^noi tt$"),
    ("residence", r"cu tru|^tt tt$|^tru$|thuong tru tam tru|tam tru thuong tru|^ho khau$|^tam tru$|tinh trang ho khau|loai ho khau|^kt$|^dien$|dang ky tru|tinh trang tru"
     r"|tt tam tru|^tinh trang$"),
    ("language", r"^tieng|ngon ngu|language|noi tieng"),
    ("work", r"viec lam|nghe|cong viec|noi lam|don vi cong tac|lao dong|occupation|^job|cong tac|lam gi"),
    ("hamlet", r"^(thon|ap|ban|to dan pho|to dp|khu pho|khom|buon|bon|lang|xom|tdp|kp|tieu khu|dia ban|khu dan cu|hamlet|phum|soc|village|khu vuc|khu|to(?! (chuc|truong|vien|cong|pho)\b))\b"
     r"|^(ten|thuoc|ma) (thon|ap|ban|to|khu|khom|dia ban|xom|buon)\b|\b(thon|ap|khu pho|khom|ban|xom|buon) (xom|ban|ap|to)\b|dia ban( cu tru)?$|\b(thon|ap|ban|to dan pho|khu pho|khom|xom|buon|tieu khu)( \w+)? nao\b"),
    ("former_commune", r"^(ten )?(xa|phuong|thi tran)\b.*\b(cu|truoc|sap nhap|sat nhap)\b|^(xa|phuong|xa phuong|phuong xa|xa phuong thi tran)$"),
    ("note", r"ghi chu|^note|luu y|^gc$|remark|dien giai|^chu thich|^khac$|y kien"),
    ("year", r"^year$"), ("male", r"^male$"),
]  # fmt: skip
_COMPILED = [(field, re.compile(pattern)) for field, pattern in _RULES]
_OWNED = re.compile(r"^(has|owns?|co|so huu|duoc cap|da co|da cap|co the|co bang|co giay|tham gia|da duoc cap|so the|so)\b")
_INTEGRATED = re.compile(r"tich hop|integrat|linked|dang nhap|vneid|su dung")

# Whole phrases for words spoiled by scanning ("Ho vả tén", "Ngay slnh", "Giới tinb").
_PHRASES: dict[str, str] = {
    "ho va ten": "name", "ho ten": "name", "ngay sinh": "birth", "ngay thang nam sinh": "birth", "nam sinh": "birth", "gioi tinh": "sex",
    "quan he voi chu ho": "relation", "so dien thoai": "phone", "dien thoai": "phone", "so cccd": "cid", "can cuoc cong dan": "cid",
    "so dinh danh ca nhan": "cid", "noi thuong tru": "address", "dia chi": "address", "noi o hien tai": "address_now", "ghi chu": "note",
    "tai khoan muc 2": "state", "tai khoan dinh danh": "state", "bao hiem y te": "bhyt", "giay phep lai xe": "gplx", "dang ky xe": "gcn",
    "nghe nghiep": "work", "viec lam": "work", "tinh trang cu tru": "residence", "ho va ten chu ho": "head_name", "chu ho": "head_name",
    "dan toc": "sensitive", "ton giao": "sensitive", "toa do": "geo", "to dan pho": "hamlet", "khu pho": "hamlet", "ma so thue": "mst",
    "dien thoai thong minh": "smartphone", "so thu tu": "order", "ma ho": "household_code", "so ho": "household_number",
}  # fmt: skip

DOCUMENTS = tuple(_DOC_WORDS)
# Fields that may stand twice: the second fills what the first leaves blank, or is joined to it.
REPEATABLE = frozenset({"note", "phone", "address", "address_now", "unknown", "sensitive", "count", "order"})


@lru_cache(maxsize=5_000)
def field_of(text: str) -> str:
    """Return the field a header cell names, or ``""``. A suffix ``_owned`` tells owning a document from having it integrated."""
    given = squeeze(text).casefold().strip(" .:*")
    if given.startswith("(") and given.endswith(")"):
        given = given[1:-1].strip(" .:*")
    if not given or len(given) > 120:
        return ""
    legacy = legacy_reading(text.strip())
    if legacy is not None:
        given = legacy[1].casefold()
    given = re.sub(r"^(?:bạn|ông/bà|ông \(bà\)|anh/chị|anh \(chị\))\s+", "", given)  # a form's question; bạn is not bản
    if given in _ACCENTED:
        return _ACCENTED[given]
    words = plain_words(re.sub(r"\([^)]*\)", " ", given)) or plain_words(given)
    if not words or words.isdigit():
        return ""
    for field, pattern in _COMPILED:
        if pattern.search(words):
            if field in _DOC_WORDS and _OWNED.search(words) and not _INTEGRATED.search(words):
                return f"{field}_owned"
            return _of_one_sex(given) if field == "birth" else field
    close = difflib.get_close_matches(words, _PHRASES, n=1, cutoff=0.84) if len(words) >= 5 else []
    return _PHRASES[close[0]] if close else ""


def legend_of(title: str) -> dict[str, str]:
    """Return the codes a header explains, as words: ``TK (0: chưa có; 2: đã kích hoạt)`` → {"0": "chua co", "2": "da kich hoat"}."""
    found = re.findall(r"(?<![\w])(\d)\s*[:=\-–]\s*([^\W\d][^;,/()\d]*)", title)
    if not found:
        found = [(code, words) for words, code in re.findall(r"([^\W\d][^;,/():=\d]*)\s*[:=\-–]\s*(\d)(?!\d)", title)]
    codes = {code: plain_words(words) for code, words in found if plain_words(words)}
    return codes if len(codes) > 1 else {}


def _of_one_sex(given: str) -> str:
    """Births often stand in two columns, one a sex. Unaccented, nam (man) cannot be told from năm (year)."""
    tail = given.rstrip(" )].:*")
    if tail.endswith(("nữ", "nu gioi")):
        return "birth_female"
    return "birth_male" if not given.isascii() and re.search(r"\W(nam|nam giới)$", tail) else "birth"
