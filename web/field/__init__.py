"""The pages of the field: my week, the visit list, the visit card, what happened at the door, when I can come."""

from web.field.views import blueprint

__all__ = ["blueprint"]
