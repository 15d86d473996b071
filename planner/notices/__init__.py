"""The channels by which notices leave the house: each sends one message, and knows neither rows nor people."""

from planner.notices.message import ChannelDown, Message, NotSent, Sender
from planner.notices.post import Post

__all__ = ["ChannelDown", "Message", "NotSent", "Post", "Sender"]
