"""The app of the field: a shell without personal data that works without a line; what it shows comes over `/field/api`."""

from web.field.app.views import blueprint

__all__ = ["blueprint"]
