"""The pages of the field: my week, the visit card, what happened at the door, when I can come."""

from web.field import availability, views
from web.field.routes import blueprint

__all__ = ["availability", "blueprint", "views"]
