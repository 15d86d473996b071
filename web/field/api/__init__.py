"""The phone app's API, as docs/sync.md says: JSON only, open to seats only."""

from web.field.api import photos, views
from web.field.api.routes import blueprint

__all__ = ["blueprint", "photos", "views"]
