"""The app of the field: a shell without personal data that works without a line; what it shows comes over `/field/api`."""

from web.field.app.views import app_is_on, blueprint

__all__ = ["app_is_on", "blueprint"]
