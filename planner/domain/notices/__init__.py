"""What people are told, when something happens that is theirs to know: kinds, channels and words. Pure."""

from planner.domain.notices.kinds import SPECS, Channel, DeliveryState, NoticeKind, Spec, Topic, open_path
from planner.domain.notices.wording import Words, in_words

__all__ = ["SPECS", "Channel", "DeliveryState", "NoticeKind", "Spec", "Topic", "Words", "in_words", "open_path"]
