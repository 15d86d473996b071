"""Telling people what happened: decided in the caller's transaction, delivered by the clock (see `jobs.deliver`)."""

from planner.services.notices.recipients import desk, leaders, user_of_volunteers, users_by_volunteer, viewers
from planner.services.notices.telling import tell, tell_each

__all__ = ["desk", "leaders", "tell", "tell_each", "user_of_volunteers", "users_by_volunteer", "viewers"]
