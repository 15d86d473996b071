"""Communes and their campaigns: services, indicators and settings are data, taken from a template and changed at will."""

from planner.services.campaigns.changing import change, change_settings
from planner.services.campaigns.communes import CommuneView, any_commune, commune, create_commune, sole_commune
from planner.services.campaigns.making import create_campaign
from planner.services.campaigns.views import CampaignView, ServiceView, active, active_of, created_at, find_active, view

__all__ = [
    "CampaignView",
    "CommuneView",
    "ServiceView",
    "active",
    "active_of",
    "any_commune",
    "change",
    "change_settings",
    "commune",
    "create_campaign",
    "create_commune",
    "created_at",
    "find_active",
    "sole_commune",
    "view",
]
