"""Vietnamese first, English by a switch. Templates carry the Vietnamese sentence; catalogues hold the English one."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, has_request_context, request
from flask_babel import Babel, Domain, get_locale

LANGUAGES = ("vi", "en")
COOKIE = "namro_lang"
COOKIE_SECONDS = 365 * 24 * 3600
ROOT = Path(__file__).parent


def catalogues() -> list[Path]:
    """Return the English catalogues: one for the shell, one for each blueprint that brings its own."""
    return sorted(ROOT.glob("**/translations/en.po"))


class PoDomain(Domain):
    """Reads the .po files themselves: nothing compiled to keep in step, nothing written at start."""

    def get_translations(self) -> NullTranslations:
        return _english() if language() == "en" else _vietnamese()


@cache
def _vietnamese() -> NullTranslations:
    return Translations()  # the sentence in the template is the Vietnamese one


@cache
def _english() -> Translations:
    merged = Translations()
    for path in catalogues():
        with path.open("rb") as po:
            compiled = BytesIO()
            write_mo(compiled, read_po(po, locale="en"))
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged


def language() -> str:
    """Return ``vi`` or ``en``: what this reader chose."""
    locale = get_locale() if has_request_context() else None
    return locale.language if locale else "vi"


def choose_language() -> str:
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else "vi"


def remember_language(response: Response, chosen: str, secure: bool) -> None:
    """Keep the choice on this device; the user's row keeps it for their next device."""
    response.set_cookie(COOKIE, chosen, max_age=COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax")


def init_i18n(app: Flask) -> None:
    babel = Babel(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh", locale_selector=choose_language)
    babel.domain_instance = PoDomain()
    app.jinja_env.globals["language"] = language
