"""Facts as the callers give them, one set for each kind of notice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from planner.domain.notices import NoticeKind
from planner.domain.vocabulary import Period

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
STARTS, ENDS = datetime(2026, 11, 24, 11, 30, tzinfo=UTC), datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
SHIFT = {
    "shift_id": 7, "on_date": TUESDAY, "period": Period.EVENING, "starts_at": STARTS, "ends_at": ENDS, "hamlet": "Ấp 1",
    "mates": ["Lê Thu Nga"], "households": 9,
}  # fmt: skip
SLOT = {"on_date": TUESDAY, "period": Period.EVENING}
ABSENT = {"volunteer": "Trần Quang Minh", **SLOT, "hamlet": "Ấp 1", "households": 9}
REPORT = {"report": {"vi": "báo cáo tháng", "en": "monthly report"}, "due_on": date(2026, 12, 1), "responsible": "Hoa"}
_K = NoticeKind

SAMPLES: dict[NoticeKind, dict[str, Any]] = {
    _K.SHIFT_TOMORROW: SHIFT,
    _K.SHIFT_SOON: SHIFT,
    _K.SHIFT_CHANGED: {"monday": MONDAY, "added": [SLOT], "removed": [], "changed": [{**SLOT, "period": Period.MORNING}]},
    _K.APPOINTMENT_SOON: {"starts_at": STARTS, "ends_at": ENDS, "hamlet": "Ấp 1", "unplanned": True},
    _K.WEEK_PUBLISHED: {"monday": MONDAY, "shifts": 2, "slots": [SLOT, {**SLOT, "on_date": date(2026, 11, 28)}]},
    _K.AVAILABILITY_CLOSING: {"monday": MONDAY, "closes_at": datetime(2026, 11, 20, 11, 0, tzinfo=UTC)},
    _K.MEMBER_CANNOT_COME: ABSENT,
    _K.MEMBER_COMES: ABSENT,
    _K.AVAILABILITY_CLOSED: {"monday": MONDAY, "given": 31, "missing": 14},
    _K.DRAFT_READY: {"monday": MONDAY, "run_id": 3, "shifts": 61, "visits": 402},
    _K.DRAFT_FAILED: {"monday": MONDAY, "run_id": 3, "error": "run_lost", "error_facts": {}},
    _K.WEEK_PUBLISHED_BY_ITSELF: {"monday": MONDAY, "shifts": 61, "visits": 402},
    _K.MISSED_FOUND: {"monday": MONDAY, "missed": 4},
    _K.REPLAN_PROPOSED: {"monday": MONDAY, "missed": 4, "placed": 3},
    _K.DAILY_DIGEST: {
        "on_date": TUESDAY, "done": 88, "missed": 4, "needs_done": 120, "today_shifts": 12, "today_visits": 96, "waiting": 2,
    },
    _K.FOLLOW_UP_DUE: {"count": 17, "oldest_days": 9},
    _K.REPORT_DUE: {**REPORT, "days_left": 3},
    _K.REPORT_OVERDUE: {**REPORT, "days_late": 2},
    _K.FORECAST_SHORT: {
        "indicator": {"vi": "A1. Kích hoạt mức 2", "en": "A1. Level 2 activated"}, "expected": 71.4, "low": 66.0, "high": 77.2,
        "target": 80.0, "ends_on": date(2027, 1, 31), "extra_shifts_a_week": 6, "beyond_shifts": False,
        "hamlets": ["Ấp 2", "Ấp 5"],
    },
    _K.JOB_FAILED: {"job": {"vi": "Tìm lượt bỏ lỡ", "en": "Find missed visits"}, "error": "ZeroDivisionError", "attempts": 3},
    _K.CLOCK_STOOD_STILL: {"minutes": 12, "since_at": STARTS},
    _K.BACKUP_FAILED: {"error": "pg_dump_missing"},
    _K.RETENTION_DUE: {"campaign": "Đợt cao điểm", "due_on": date(2027, 3, 2), "people": 30146},
}  # fmt: skip
