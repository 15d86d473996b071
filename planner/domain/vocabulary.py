"""The closed word lists of the domain. Values are stored in the database: never rename one without a migration."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a signed-in person is here for."""

    DESK = "desk"
    LEADER = "leader"
    VOLUNTEER = "volunteer"
    INSPECTOR = "inspector"
    VIEWER = "viewer"


class CommuneKind(StrEnum):
    XA = "xa"
    PHUONG = "phuong"
    DAC_KHU = "dac_khu"


class AccountState(StrEnum):
    """State of a resident's level-2 e-ID account. `na`: too young to need one."""

    ACTIVATED = "activated"
    ISSUED = "issued"
    NONE = "none"
    NA = "na"
    UNKNOWN = "unknown"


class DocumentState(StrEnum):
    """Does the resident own the document, and is it integrated into the e-ID app?"""

    NONE = "none"
    OWNED = "owned"
    INTEGRATED = "integrated"
    UNKNOWN = "unknown"


class Residence(StrEnum):
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Work(StrEnum):
    """Where a resident is by day, as far as it decides when to call."""

    HOME = "home"
    WORKER = "worker"
    PUPIL = "pupil"
    SHIFT = "shift"
    AWAY = "away"
    NA = "na"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    FEMALE = "F"
    MALE = "M"


class BirthPrecision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class NeedState(StrEnum):
    """Integration is asynchronous: a need may wait as `submitted` for days before it is done or rejected."""

    OPEN = "open"
    SUBMITTED = "submitted"
    DONE = "done"
    REJECTED = "rejected"
    DECLINED = "declined"
    REFERRED = "referred"


class NeedResult(StrEnum):
    """What a visit did for one need."""

    DONE = "done"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    DECLINED = "declined"
    REFERRED = "referred"
    NOT_DONE = "not_done"


class Outcome(StrEnum):
    """How a visit ended at the door."""

    MET = "met"
    ABSENT = "absent"
    REFUSED = "refused"
    CALLBACK = "callback"
    MOVED = "moved"
    WRONG_ADDRESS = "wrong_address"
    UNSAFE = "unsafe"
    NOT_REACHED = "not_reached"


class Period(StrEnum):
    """Part of a day, as availability sheets name it: sáng, chiều, tối."""

    MORNING = "S"
    AFTERNOON = "C"
    EVENING = "T"


class SlotClass(StrEnum):
    """Kinds of hours in which the chance of finding someone at home is alike."""

    WEEKDAY_DAY = "weekday_day"
    WEEKDAY_EVENING = "weekday_evening"
    WEEKEND_DAY = "weekend_day"
    WEEKEND_EVENING = "weekend_evening"


class WeekState(StrEnum):
    """Life of one revision of a week's plan."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    CLOSED = "closed"
    DISCARDED = "discarded"


class RunKind(StrEnum):
    DRAFT = "draft"
    REASSIGN = "reassign"


class RunState(StrEnum):
    """`lost`: the process that ran it vanished; found and told at the next start or tick."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


class AssignmentState(StrEnum):
    """Computed from the promise, the visits and the time; never stored. `spared`: a door of reserve that was not reached."""

    PLANNED = "planned"
    DUE = "due"
    DONE = "done"
    MISSED = "missed"
    SPARED = "spared"
    WITHDRAWN = "withdrawn"


class RuleKind(StrEnum):
    """What the desk decided about a household for a week: visit it so, or do not."""

    PIN = "pin"
    FORBID = "forbid"


class OutreachGroup(IntEnum):
    """The police's classes of residents to call on (Plan A, A7); 0: only documents are lacking, or the state is unknown."""

    DOCUMENTS = 0
    ISSUED = 1
    NO_ACCOUNT = 2
    LOW_TECH = 3
    AWAY = 4


class MeetKind(StrEnum):
    """Kinds of residents whose chance of being met at home is alike in an hour."""

    USUAL = "usual"
    NO_ACCOUNT = "no_account"
    LOW_TECH = "low_tech"
    COMMUTER = "commuter"
    ROTATING_SHIFT = "rotating_shift"
    AWAY = "away"


class ServiceRule(StrEnum):
    """How the need for a service follows from a resident's facts."""

    ACCOUNT = "account"
    REGISTER = "register"
    DOCUMENT = "document"
    USE = "use"  # everyone with an account can; lacking until it is known to have been done


class Clear(StrEnum):
    """What every assignment makes clear: five of them by default, six where `authority` (thẩm quyền) is asked for."""

    PERSON = "person"
    TASK = "task"
    SCHEDULE = "schedule"
    RESULT = "result"
    ACCOUNTABILITY = "accountability"
    AUTHORITY = "authority"


class StopReason(StrEnum):
    """Why nobody calls on a household or resident any more."""

    REFUSED = "refused"
    DO_NOT_CONTACT = "do_not_contact"
    MOVED = "moved"
    DECEASED = "deceased"
    WRONG_ADDRESS = "wrong_address"  # until the desk has put the address right


class ImportKind(StrEnum):
    ROSTER = "roster"
    VOLUNTEERS = "volunteers"


class ImportState(StrEnum):
    PREVIEWED = "previewed"
    APPLIED = "applied"
    UNDONE = "undone"


class JobState(StrEnum):
    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class AuditAction(StrEnum):
    """Everything a person or job can do to the record."""

    ROSTER_IMPORTED = "roster_imported"
    VOLUNTEERS_IMPORTED = "volunteers_imported"
    IMPORT_UNDONE = "import_undone"
    ROSTER_EXPORTED = "roster_exported"
    COMMUNE_CREATED = "commune_created"
    CAMPAIGN_CREATED = "campaign_created"
    CAMPAIGN_CHANGED = "campaign_changed"
    WEEK_DRAFTED = "week_drafted"
    DRAFT_DISCARDED = "draft_discarded"
    RUN_CANCELLED = "run_cancelled"
    WEEK_PUBLISHED = "week_published"
    WEEK_CLOSED = "week_closed"
    RULE_ADDED = "rule_added"
    RULE_REMOVED = "rule_removed"
    VISIT_RECORDED = "visit_recorded"
    VISIT_CORRECTED = "visit_corrected"
    NEED_SETTLED = "need_settled"
    CONTACT_STOPPED = "contact_stopped"
    CONTACT_RESUMED = "contact_resumed"
    HOUSEHOLD_CHANGED = "household_changed"
    VOLUNTEER_CHANGED = "volunteer_changed"
    AVAILABILITY_CHANGED = "availability_changed"
    VOLUNTEER_ABSENT = "volunteer_absent"
    LINK_ISSUED = "link_issued"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PASSPHRASE_SET = "passphrase_set"  # noqa: S105 - an action's name
    DEVICE_REVOKED = "device_revoked"
    USER_CHANGED = "user_changed"
    PHONE_REVEALED = "phone_revealed"
    MISSED_FOUND = "missed_found"
    BACKUP_MADE = "backup_made"
    BACKUP_RESTORED = "backup_restored"
    PHONE_REPORT_DECIDED = "phone_report_decided"
    LIST_PRINTED = "list_printed"
    EVIDENCE_STORED = "evidence_stored"
    EVIDENCE_DELETED = "evidence_deleted"
    CHANCES_LEARNED = "chances_learned"
    CHANCE_OVERRULED = "chance_overruled"
    OVERRULE_REMOVED = "overrule_removed"


class FieldKind(StrEnum):
    """What a phone sends. `unreadable`: nothing else could be made of it; it is kept as it came."""

    VISIT = "visit"
    FOUND_RESIDENT = "found_resident"
    FOUND_HOUSEHOLD = "found_household"
    FACTS = "facts"
    AVAILABILITY = "availability"
    DECLINE = "decline"
    UNDECLINE = "undecline"
    UNREADABLE = "unreadable"


class FieldVerdict(StrEnum):
    """What became of something a phone sent. `duplicate` is told only: nothing is stored twice."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    OFF_ASSIGNMENT = "off_assignment"
    QUARANTINED = "quarantined"
    CONFLICT = "conflict"


class FieldDecisionKind(StrEnum):
    """What became of a phone's report the desk had to look at. `settled`: it was put right without the desk."""

    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    SETTLED = "settled"
    REOPENED = "reopened"
