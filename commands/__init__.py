"""The command line, one file a group; `manage.py` puts them together."""

from commands.running import Running

__all__ = ["Running"]
