"""The installation's settings: one frozen object from the environment. A wrong value stops the start."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent
T = TypeVar("T")
PREFIX = "NAMRO_"
ENVIRONMENTS = ("production", "development", "test")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve that Web Push signs with


class BadSetting(Exception):
    """A setting has a value that cannot be used; the message names it and the cure."""


@dataclass(frozen=True)
class Settings:
    """What one installation needs to know. Each field is the environment variable ``NAMRO_<FIELD>``."""

    database_url: str
    data_dir: Path
    secret_key: str
    environment: str = "production"
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""  # what people type, e.g. https://namro.xa-loc-hoa.vn; decides Secure cookies and the links' address
    trusted_proxies: int = 0  # how many reverse proxies stand in front; 0: X-Forwarded-* headers are not believed
    log_level: str = "INFO"
    plan_workers: int = 1  # weekly plans computed at the same time
    solver_threads: int = 2  # processor cores each of them uses
    max_upload_mb: int = 30
    field_app: str = "on"  # "off": phones drop the app at their next contact and use the pages
    smtp_host: str = ""  # the mail server that takes notices; empty: no e-mail
    smtp_port: int = 587
    smtp_security: str = "starttls"  # or "tls"; "none" only for a relay on this machine or one that asks for no password
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""  # the address notices come from
    push_private_key: str = ""  # made by `manage.py notices push-key`; empty: phones are not woken
    push_contact: str = ""  # whom a push service may write to: mailto:… or https://…

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; what is unset takes its default.

        Raises
        ------
        BadSetting
            For an unknown ``NAMRO_…`` variable or a value that cannot be used.
        """
        environ = os.environ if environ is None else environ
        given = {k.removeprefix(PREFIX).lower(): v for k, v in environ.items() if k.startswith(PREFIX)}
        names = {f.name for f in fields(cls)}
        # NAMRO_TEST_… and NAMRO_BIG_… speak to the test suite, not to the program.
        unknown = sorted(k for k in given if k not in names and not k.startswith(("test_", "big_")))
        if unknown:
            raise BadSetting(f"{PREFIX}{unknown[0].upper()}: no such setting; known: {', '.join(sorted(names))}")
        data_dir = Path(given.get("data_dir") or ROOT / "instance").resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        return cls(
            database_url=given.get("database_url") or f"sqlite:///{data_dir / 'namro.sqlite3'}",
            data_dir=data_dir,
            secret_key=_secret_key(given.get("secret_key"), data_dir),
            environment=_one_of("environment", given.get("environment", "production"), ENVIRONMENTS),
            host=given.get("host", "127.0.0.1"),
            port=_whole("port", given.get("port", "8000"), 0, 65535),
            public_url=_url(given.get("public_url", "")),
            trusted_proxies=_whole("trusted_proxies", given.get("trusted_proxies", "0"), 0, 5),
            log_level=_one_of("log_level", given.get("log_level", "INFO").upper(), ("DEBUG", "INFO", "WARNING", "ERROR")),
            plan_workers=_whole("plan_workers", given.get("plan_workers", "1"), 1, 64),
            solver_threads=_whole("solver_threads", given.get("solver_threads", "2"), 1, 64),
            max_upload_mb=_whole("max_upload_mb", given.get("max_upload_mb", "30"), 1, 500),
            field_app=_one_of("field_app", given.get("field_app", "on").lower(), ("on", "off")),
            **_mail(given),
            **_push(given),
        )

    @property
    def base_url(self) -> str:
        """Where the pages are, without a trailing slash."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    def public(self) -> dict[str, str]:
        """Return every setting as text, secrets masked: for ``manage.py config``."""
        shown = {f.name: str(getattr(self, f.name)) for f in fields(self)}
        shown["secret_key"] = "•••"  # noqa: S105 - the mask
        for secret in ("smtp_password", "push_private_key"):
            shown[secret] = "•••" if shown[secret] else ""
        shown["database_url"] = _without_password(self.database_url)
        return shown


def _secret_key(given: str | None, data_dir: Path) -> str:
    """Return the key given, or the one this installation made for itself at its first start."""
    if given:
        if len(given) < 32:
            raise BadSetting(f"{PREFIX}SECRET_KEY: needs 32 characters or more; leave it unset to have one made")
        return given
    file = data_dir / "secret.key"
    if not file.exists():
        # Written whole under another name first: two processes starting together must end with the same key.
        draft = file.with_suffix(f".{os.getpid()}.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            if not file.exists():
                draft.replace(file)
        draft.unlink(missing_ok=True)
    return file.read_text(encoding="ascii").strip()


def _mail(given: Mapping[str, str]) -> dict[str, Any]:
    """Read how notices are mailed. Half a setting is a wrong one: nobody would notice that no mail comes."""
    mail: dict[str, Any] = {
        "smtp_host": given.get("smtp_host", "").strip(),
        "smtp_port": _whole("smtp_port", given.get("smtp_port", "587"), 1, 65535),
        "smtp_security": _one_of("smtp_security", given.get("smtp_security", "starttls").lower(), ("starttls", "tls", "none")),
        "smtp_user": given.get("smtp_user", ""),
        "smtp_password": given.get("smtp_password", ""),
        "smtp_from": _checked("smtp_from", given.get("smtp_from", ""), str, _is_address_or_empty, "one e-mail address"),
    }
    if not mail["smtp_host"]:
        if any(mail[name] for name in ("smtp_user", "smtp_password", "smtp_from")):
            raise BadSetting(f"{PREFIX}SMTP_HOST: is missing, while other {PREFIX}SMTP_… are set; name the mail server")
    elif not mail["smtp_from"]:
        raise BadSetting(f"{PREFIX}SMTP_FROM: is missing; name the address that notices come from")
    if bool(mail["smtp_user"]) != bool(mail["smtp_password"]):
        raise BadSetting(f"{PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD: set both, or neither")
    if mail["smtp_password"] and mail["smtp_security"] == "none" and mail["smtp_host"] not in LOOPBACK:
        raise BadSetting(f"{PREFIX}SMTP_SECURITY: 'none' would send the password in the clear; take starttls or tls")
    return mail


def _push(given: Mapping[str, str]) -> dict[str, Any]:
    key, contact = given.get("push_private_key", "").strip(), given.get("push_contact", "").strip()
    if bool(key) != bool(contact):
        raise BadSetting(f"{PREFIX}PUSH_PRIVATE_KEY and {PREFIX}PUSH_CONTACT: set both, or neither")
    if key and not _is_push_key(key):
        raise BadSetting(f"{PREFIX}PUSH_PRIVATE_KEY: is not a key; make one with `manage.py notices push-key`")
    if contact and not contact.startswith(("mailto:", "https://")):
        raise BadSetting(f"{PREFIX}PUSH_CONTACT: {contact!r} is not mailto:… or https://…")
    return {"push_private_key": key, "push_contact": contact}


def _is_push_key(text: str) -> bool:
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}", text):  # 32 bytes
        return False
    return 0 < int.from_bytes(base64.urlsafe_b64decode(text + "="), "big") < P256_ORDER


def _is_address_or_empty(text: str) -> bool:
    return not text or bool(ADDRESS.fullmatch(text))


def _whole(name: str, text: str, least: int, most: int) -> int:
    return _checked(name, text, int, lambda v: least <= v <= most, f"a whole number from {least} to {most}")


def _one_of(name: str, text: str, choices: tuple[str, ...]) -> str:
    return _checked(name, text, str, lambda v: v in choices, "one of " + ", ".join(choices))


def _url(text: str) -> str:
    return _checked(
        "public_url", text.rstrip("/"), str, lambda v: not v or v.startswith(("http://", "https://")), "an http(s) address"
    )


def _checked(name: str, text: str, convert: Callable[[str], T], fits: Callable[[T], bool], wanted: str) -> T:
    try:
        value = convert(text)
    except ValueError:
        value = None
    if value is None or not fits(value):
        raise BadSetting(f"{PREFIX}{name.upper()}: {text!r} is not {wanted}")
    return value


def _without_password(url: str) -> str:
    scheme, found, rest = url.partition("://")
    if not found or "@" not in rest:
        return url
    login, _, host = rest.rpartition("@")
    return f"{scheme}://{login.split(':')[0]}:•••@{host}"
