"""The words people put in the cells of a roster, and what they mean. Compared unaccented, without punctuation."""

# ruff: noqa: E501 - tables of words: one entry a line, however long

from __future__ import annotations

import re

from planner.domain.vocabulary import AccountState, DocumentState, Residence, Sex, Work

YES = frozenset(
    [
        "co",
        "x",
        "xx",
        "v",
        "c",
        "da",
        "da co",
        "yes",
        "y",
        "1",
        "true",
        "roi",
        "dung",
        "ok",
        "da xong",
        "xong",
        "duoc",
        "dat",
        "da lam",
        "√",
        "✓",
        "✔",
        "có",
    ]
)
NO = frozenset(
    ["khong", "k", "ko", "kh", "no", "n", "0", "false", "chua", "chua co", "khong co", "kco", "kc", "khong dat", "sai"]
)

SEXES: dict[str, Sex] = {
    **dict.fromkeys(["nam", "m", "male", "trai", "ong", "nan", "1", "boy", "n"], Sex.MALE),
    **dict.fromkeys(["nu", "f", "female", "gai", "ba", "co", "0", "2", "girl", "nữ"], Sex.FEMALE),
}

RESIDENCES: dict[str, Residence] = {
    **dict.fromkeys(
        [
            "thuong tru",
            "tt",
            "thtr",
            "t tru",
            "ho khau",
            "hktt",
            "dktt",
            "co ho khau",
            "kt1",
            "kt2",
            "nk1",
            "dang ky thuong tru",
            "thuong chu",
            "cu tru",
            "thuong tru tai cho",
            "co mat",
            "co",
            "dang o",
            "o tai cho",
        ],
        Residence.PERMANENT,
    ),
    **dict.fromkeys(
        [
            "tam tru",
            "tam chu",
            "kt3",
            "kt4",
            "luu tru",
            "o tro",
            "tro",
            "thue tro",
            "nha tro",
            "dang ky tam tru",
            "tam tru dai han",
            "tam",
        ],
        Residence.TEMPORARY,
    ),
    **dict.fromkeys(
        [
            "vang",
            "tam vang",
            "vang mat",
            "di vang",
            "khong cu tru",
            "khong o tai dia phuong",
            "khong co mat",
            "vang dai han",
            "da di",
            "di khoi dia phuong",
            "tv",
        ],
        Residence.ABSENT,
    ),
}

_STATES: dict[AccountState, str] = {
    AccountState.ACTIVATED: "da kich hoat|dkh|da kh|kich hoat|kh|da kick hoat|da active|da kich hoat muc 2|muc 2 da kich hoat|m2 da kich hoat|"
    "da kich hoat tk|da kich hoat tai khoan|da kich hoat muc do 2|da dung|da su dung|activated|active|kich hoat roi|"
    "da co da kich hoat|co da kich hoat|da kich hoat vneid|hoan thanh|da kich hoat dinh danh|roi",
    AccountState.ISSUED: "chua kich hoat|ckh|chua kh|chua kick hoat|chua active|da cap chua kich hoat|da co chua kich hoat|co chua kich hoat|"
    "muc 2 chua kich hoat|m2 chua kich hoat|da cap|da duoc cap|da phe duyet|issued|da cap muc 2|co nhung chua kich hoat|"
    "da duyet chua kich hoat|chua kich hoat muc 2|da dang ky chua kich hoat|not activated|inactive|chua kich hoat tk|"
    "da duoc cap chua kich hoat|da lam chua kich hoat",
    AccountState.NONE: "chua co|chua cap|chua dang ky|khong co|chua lam|chua|khong|none|chua dang ki|chua co tk|chua co tai khoan|chua duoc cap|"
    "muc 1|tk muc 1|tai khoan muc 1|chua co muc 2|moi co muc 1|chua len muc 2|chua dk|cc|chua dinh danh|chua co dinh danh|khong co tai khoan",
    AccountState.NA: "khong thuoc dien|ktd|duoi 14|duoi 14 tuoi|chua du tuoi|tre em|chua den tuoi|khong thuoc doi tuong|mien|na|n a|duoi 6 tuoi|"
    "con nho|tre nho|chua du 14 tuoi|khong ap dung|kad",
    AccountState.UNKNOWN: "khong ro|chua ro|chua biet|khong biet|chua ra soat|unknown|chua xac dinh",
}
STATES: dict[str, AccountState] = {w.strip(): state for state, words in _STATES.items() for w in words.split("|")}

# What longer remarks contain, the more telling first.
RESIDENCE_HINTS = (
    ("vang", Residence.ABSENT),
    ("tam tru", Residence.TEMPORARY),
    ("thuong tru", Residence.PERMANENT),
)

_DOCUMENTS: dict[DocumentState, str] = {
    DocumentState.INTEGRATED: "co|x|da tich hop|da|roi|tich hop|th|dth|da th|yes|1|da co|v|co tich hop|da tich hop roi|xong|da xong|integrated|"
    "da dang nhap|da dung|da su dung|co tich hop roi|true|da hien thi|ok|da lam|co da tich hop",
    DocumentState.OWNED: "chua|chua tich hop|cth|chua th|0|co chua tich hop|co nhung chua tich hop|owned|chua dang nhap|no|chua xong|"
    "chua lam|dang cho|da co chua tich hop|false|cho duyet|loi|bi tu choi|chua duoc|co the chua tich hop",
    DocumentState.NONE: "khong co|khong|k|ko|kco|kc|none|k co|ko co|kh co|khong co the|khong co the|khong co giay|na|n a|khong thuoc dien|khong so huu|chua co|chua cap|"
    "chua co the|chua co bang|khong co bang|khong co xe|mien|chua mua|het han",
    DocumentState.UNKNOWN: "khong ro|chua ro|chua biet|khong biet|unknown|chua ra soat",
}
DOCUMENTS: dict[str, DocumentState] = {w.strip(): state for state, words in _DOCUMENTS.items() for w in words.split("|")}

_WORKS: list[tuple[Work, str]] = [
    (Work.NA, "con nho|tre em|tre nho|chua di hoc|so sinh|na|n a|khong ap dung"),
    (Work.SHIFT, "ca|kip|lam ca|ca dem|xoay ca|theo ca|shift|bao ve|truc dem|truc ca"),
    (Work.AWAY, "di lam xa|lam an xa|lam xa|xa nha|o xa|ngoai tinh|ngoai xa|xuat khau|xkld|nuoc ngoai|tinh khac|tp hcm|tphcm|hcm|sai gon|ha noi"
     "|binh duong|vang mat|di vang|away|bo doi|nghia vu|di bien|tau ca|hoc xa|sinh vien|sv|dai hoc|cao dang"),
    (Work.PUPIL, "hoc sinh|hs|di hoc|mam non|mau giao|tieu hoc|thcs|thpt|lop \\d+|lop|pupil|hoc nghe|nha tre|hoc"),
    (Work.WORKER, "cong nhan|cn|cong chuc|vien chuc|can bo|giao vien|nhan vien|cong ty|cty|xi nghiep|nha may|lai xe|tai xe|ky su|bac si|y ta|y si"
     "|dieu duong|cong an|van phong|hanh chinh|ke toan|tho ho|tho dien|tho han|tho xay|tho nuoc|di lam|worker|kcn|khu cong nghiep|xay dung|may mac"
     "|co quan|duoc si|luat su|shipper|cnv|nvvp|ngan hang|bien che|hop dong|quan ly|ban hang sieu thi"),
    (Work.HOME, "o nha|noi tro|huu|huu tri|gia yeu|nong|lam nong|nong dan|nong nghiep|lam ruong|lam ray|lam nuong|nuong ray|lam vuon|ruong|ray|vuon|tu do|buon ban|kinh doanh"
     "|mat suc|khuyet tat|khong lam|that nghiep|tai nha|home|chan nuoi|nuoi tom|nuoi ca|trong trot|lam thue|gia|tap hoa|khong nghe|khong viec"
     "|lao dong pho thong|ldpt|lam muon|om|o khong|khong|thu cong|tieu thuong|ban hang|may gia cong|tho may|lam bien|lam ray"),
    (Work.WORKER, "tho|lam viec|nghe"),
]  # fmt: skip
_WORK_PATTERNS = [(work, re.compile(rf"\b(?:{words})\b")) for work, words in _WORKS]


def work_of(words: str) -> Work | None:
    """Return where a person with that occupation is by day; None if the words say nothing we know."""
    for work, pattern in _WORK_PATTERNS:
        if pattern.search(words):
            return work
    return None


_HEADS = frozenset(["chu ho", "ch", "chuho", "la chu ho", "chu", "head", "chu hộ", "ban than chu ho", "ban than", "chu nha"])


def is_head(words: str) -> bool:
    return words in _HEADS


_DEAD = re.compile(
    r"\b(da chet|chet|da mat|mat nam|mat ngay|qua doi|tu vong|tu tran|khai tu|da khuat|het so|bao tu|da hy sinh)\b|^mat$|\bmat \d"
)
_MOVED = re.compile(
    r"\b(da chuyen|chuyen di|chuyen khau|chuyen den noi|chuyen nha|cat khau|cat ho khau|xoa khau|xoa thuong tru|khong con o|da di noi khac|"
    r"chuyen noi o|chuyen ve|da ban nha|di noi khac|khong o day|roi khoi dia phuong|da roi)\b|^chuyen$"
)
_REFUSES = re.compile(r"\b(tu choi|khong hop tac|khong tiep|khong dong y|dung den|khong muon)\b")


def stop_reason(note_words: str) -> str:
    """Return ``deceased``, ``moved``, ``refused`` or nothing for a note of a roster, unaccented."""
    if _DEAD.search(note_words) and not re.search(
        r"\bmat (viec|kha nang|suc|the|cccd|giay|dien thoai|so|tri|khau|hk|tich)", note_words
    ):
        return "deceased"
    if _MOVED.search(note_words):
        return "moved"
    return "refused" if _REFUSES.search(note_words) else ""


def languages_of(text: str, words: str) -> tuple[str, ...]:
    """Return the languages a cell names, as written but for a leading "tiếng"."""
    if not text or words in NO:
        return ()
    pieces = (re.sub(r"^tiếng\s+", "", piece.strip(), flags=re.IGNORECASE) for piece in re.split(r"[,;/+&]|\bvà\b", text))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))
