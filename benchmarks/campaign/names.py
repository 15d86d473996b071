"""Synthetic names in Vietnamese order: surname, middle name, given name."""

from __future__ import annotations

from random import Random

SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
)  # fmt: skip
WEIGHTS = (32, 11, 10, 7, 5, 5, 5, 4, 4, 3, 3, 3, 2, 2, 2, 2)
MEN = ("Văn", "Hữu", "Đức", "Quang", "Minh", "Thanh")
WOMEN = ("Thị", "Thu", "Ngọc", "Kim", "Thanh", "Mỹ")
GIVEN = (
    "An", "Bình", "Cường", "Dung", "Đức", "Giang", "Hà", "Hải", "Hạnh", "Hoa", "Hùng", "Hương", "Khoa", "Lan", "Linh", "Long",
    "Mai", "Minh", "Nam", "Nga", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Tuấn", "Yến",
)  # fmt: skip


def surname(random: Random) -> str:
    return random.choices(SURNAMES, WEIGHTS)[0]


def full_name(random: Random, family: str, *, woman: bool) -> str:
    return f"{family} {random.choice(WOMEN if woman else MEN)} {random.choice(GIVEN)}"
