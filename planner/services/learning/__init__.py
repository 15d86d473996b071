"""What visits teach, kept as tables: made anew every night, read by the plan, shown to the desk and overruled by it."""

from planner.services.learning.overruling import OverruleForm, overrule, remove_overrule
from planner.services.learning.tables import Learned, current, for_run, latest_id, refresh
from planner.services.learning.views import CellView, HeatMap, RateView, heat_map

__all__ = [
    "CellView",
    "HeatMap",
    "Learned",
    "OverruleForm",
    "RateView",
    "current",
    "for_run",
    "heat_map",
    "latest_id",
    "overrule",
    "refresh",
    "remove_overrule",
]
