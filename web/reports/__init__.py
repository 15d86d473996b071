"""The pages of those who look on: the chairman of the commune, and the inspector."""

from web.reports.views import blueprint

__all__ = ["blueprint"]
