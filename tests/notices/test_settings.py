"""Settings of the channels: half of one stops the start, and says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import BadSetting, Settings
from planner.domain.notices import Channel
from planner.notices.post import post_of

KEY = "B" * 43
MAIL = {"NAMRO_SMTP_HOST": "mail.example.vn", "NAMRO_SMTP_FROM": "namro@example.vn"}
LOGIN = {**MAIL, "NAMRO_SMTP_USER": "namro", "NAMRO_SMTP_PASSWORD": "secret"}


def settings(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_environ({"NAMRO_DATA_DIR": str(tmp_path), **environ})


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"NAMRO_SMTP_HOST": "mail.example.vn"}, "SMTP_FROM"),
        ({"NAMRO_SMTP_FROM": "namro@example.vn"}, "SMTP_HOST"),
        ({**MAIL, "NAMRO_SMTP_FROM": "Năm Rõ <a@b.vn>"}, "SMTP_FROM"),
        ({**MAIL, "NAMRO_SMTP_USER": "namro"}, "SMTP_PASSWORD"),
        ({**MAIL, "NAMRO_SMTP_PORT": "smtp"}, "SMTP_PORT"),
        ({**MAIL, "NAMRO_SMTP_PORT": "0"}, "SMTP_PORT"),
        ({**MAIL, "NAMRO_SMTP_SECURITY": "ssl"}, "SMTP_SECURITY"),
        ({**LOGIN, "NAMRO_SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({"NAMRO_PUSH_PRIVATE_KEY": KEY}, "PUSH_CONTACT"),
        ({"NAMRO_PUSH_CONTACT": "mailto:a@b.vn"}, "PUSH_PRIVATE_KEY"),
        ({"NAMRO_PUSH_PRIVATE_KEY": "short", "NAMRO_PUSH_CONTACT": "mailto:a@b.vn"}, "PUSH_PRIVATE_KEY"),
        ({"NAMRO_PUSH_PRIVATE_KEY": "A" * 43, "NAMRO_PUSH_CONTACT": "mailto:a@b.vn"}, "PUSH_PRIVATE_KEY"),
        ({"NAMRO_PUSH_PRIVATE_KEY": "_" * 43, "NAMRO_PUSH_CONTACT": "mailto:a@b.vn"}, "PUSH_PRIVATE_KEY"),
        ({"NAMRO_PUSH_PRIVATE_KEY": KEY, "NAMRO_PUSH_CONTACT": "a@b.vn"}, "PUSH_CONTACT"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        settings(tmp_path, **environ)


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    shown = settings(tmp_path, **LOGIN).public()
    assert "secret" not in shown.values()
    assert (shown["smtp_password"], shown["push_private_key"]) == ("•••", "")


def test_a_channel_is_there_when_it_is_set_up(tmp_path: Path) -> None:
    assert post_of(settings(tmp_path)).senders == {}
    assert set(post_of(settings(tmp_path, **LOGIN)).senders) == {Channel.EMAIL}
