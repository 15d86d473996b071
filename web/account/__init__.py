"""Signing in and out, one's passphrase, one's devices, one's language."""

from web.account.views import blueprint

__all__ = ["blueprint"]
