"""Campaigns to begin with, as data: services, indicators and settings of two real plans.

Plan A: a commune's 2025 plan (activate level 2, integrate documents). Plan B: a Project 06 task force's 2023 plan
(register, activate, log in to the public service portal; a quota of residents for every official). Dates are given when
a campaign is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.domain.errors import InvalidInput
from planner.domain.needs import ServiceFacts
from planner.domain.vocabulary import ServiceRule


@dataclass(frozen=True, slots=True)
class ServiceTemplate:
    """A service with its words. Minutes are with someone who is at home and willing; weights are points of the plan."""

    facts: ServiceFacts
    name_vi: str
    name_en: str
    result_vi: str
    result_en: str


@dataclass(frozen=True, slots=True)
class IndicatorTemplate:
    """A target: names of counts (see `indicators`), and where the requirement comes from."""

    code: str
    name_vi: str
    name_en: str
    numerator: str
    denominator: str
    target_percent: float
    source: str


@dataclass(frozen=True, slots=True)
class CampaignTemplate:
    code: str
    name_vi: str
    name_en: str
    services: tuple[ServiceTemplate, ...]
    indicators: tuple[IndicatorTemplate, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    final_report_days: int = 0  # the final report must be in before that many days after the campaign's last; 0: none


ACTIVATE = ServiceTemplate(
    ServiceFacts("activate", ServiceRule.ACCOUNT, minutes=10, weight=40),
    "Kích hoạt tài khoản định danh mức 2",
    "Activate the level-2 account",
    "tài khoản mức 2 đã kích hoạt, đăng nhập được VNeID trên máy của chính người dân",
    "level-2 account activated, signed in to VNeID on the resident's own phone",
)
REGISTER = ServiceTemplate(
    ServiceFacts("register", ServiceRule.REGISTER, minutes=5, weight=40, at_police=True),
    "Đăng ký tài khoản định danh mức 2",
    "Register for a level-2 account",
    "có lịch hẹn ra Công an xã làm định danh mức 2",
    "an appointment at the commune police to register for level 2",
)
BHYT = ServiceTemplate(
    ServiceFacts("bhyt", ServiceRule.DOCUMENT, "bhyt", minutes=3, weight=12, asynchronous=True),
    "Tích hợp thẻ BHYT",
    "Integrate the health-insurance card",
    "thẻ BHYT hiện trong VNeID, xem được Sổ sức khỏe điện tử",
    "insurance card shown in VNeID, e-health book readable",
)
GPLX = ServiceTemplate(
    ServiceFacts("gplx", ServiceRule.DOCUMENT, "gplx", minutes=4, weight=10, asynchronous=True),
    "Tích hợp giấy phép lái xe",
    "Integrate the driving licence",
    "giấy phép lái xe hiện trong VNeID hoặc đã gửi yêu cầu",
    "driving licence shown in VNeID, or the request sent in",
)
GCN = ServiceTemplate(
    ServiceFacts("gcn", ServiceRule.DOCUMENT, "gcn", minutes=4, weight=10, asynchronous=True),
    "Tích hợp đăng ký xe",
    "Integrate the vehicle registration",
    "đăng ký xe hiện trong VNeID hoặc đã gửi yêu cầu",
    "vehicle registration shown in VNeID, or the request sent in",
)
MST = ServiceTemplate(
    ServiceFacts("mst", ServiceRule.DOCUMENT, "mst", minutes=2, weight=4, asynchronous=True),
    "Tích hợp mã số thuế",
    "Integrate the tax code",
    "mã số thuế hiện trong VNeID",
    "tax code shown in VNeID",
)
NPT = ServiceTemplate(
    ServiceFacts("npt", ServiceRule.DOCUMENT, "npt", minutes=3, weight=4, asynchronous=True),
    "Tích hợp người phụ thuộc",
    "Integrate dependants",
    "người phụ thuộc hiện trong VNeID",
    "dependants shown in VNeID",
)
PORTAL = ServiceTemplate(
    ServiceFacts("portal", ServiceRule.DOCUMENT, "portal", minutes=4, weight=4),
    "Đăng nhập Cổng Dịch vụ công quốc gia",
    "Log in to the National Public Service Portal",
    "đã đăng nhập Cổng Dịch vụ công quốc gia bằng VNeID",
    "logged in to the National Public Service Portal with VNeID",
)

PLAN_A = CampaignTemplate(
    "plan_a",
    "Đợt cao điểm kích hoạt định danh điện tử và tích hợp giấy tờ",
    "Campaign to activate e-ID accounts and integrate documents",
    (ACTIVATE, REGISTER, BHYT, GPLX, GCN, MST, NPT, PORTAL),
    (
        IndicatorTemplate(
            "a1",
            "Công dân từ đủ 14 tuổi có tài khoản mức 2 đã kích hoạt",
            "Residents of 14 and over with an activated level-2 account",
            "activated_14",
            "residents_14",
            80,
            "Plan A, A1",
        ),
        IndicatorTemplate(
            "a2",
            "Người tham gia BHYT đã tích hợp thẻ",
            "Health-insured residents with an integrated card",
            "bhyt_integrated",
            "bhyt_owned",
            80,
            "Plan A, A2",
        ),
        IndicatorTemplate(
            "a3_gplx",
            "Giấy phép lái xe của người có tài khoản mức 2 đã tích hợp",
            "Driving licences of level-2 holders integrated",
            "gplx_integrated_level2",
            "gplx_owned_level2",
            80,
            "Plan A, A3",
        ),
        IndicatorTemplate(
            "a3_gcn",
            "Đăng ký xe của người có tài khoản mức 2 đã tích hợp",
            "Vehicle registrations of level-2 holders integrated",
            "gcn_integrated_level2",
            "gcn_owned_level2",
            80,
            "Plan A, A3",
        ),
        IndicatorTemplate(
            "a4",
            "Cán bộ, công chức, viên chức, lực lượng đã tích hợp mọi giấy tờ",
            "Officials who have integrated all their papers",
            "officials_papers",
            "officials",
            100,
            "Plan A, A4",
        ),
        IndicatorTemplate(
            "a4_family",
            "Cán bộ có mọi người thân trong hộ đã kích hoạt tài khoản",
            "Officials whose whole household has activated",
            "officials_family",  # "urge relatives", as far as rows can tell
            "officials",
            100,
            "Plan A, A4",
        ),
    ),
    {"monthly_report_day": 2},  # A21: before the 2nd of each month
    final_report_days=5,  # A21: before 05/6, the campaign ending on 31/5
)

PLAN_B = CampaignTemplate(
    "plan_b",
    "Đợt cao điểm hướng dẫn tài khoản định danh và dịch vụ công trực tuyến",
    "Campaign to guide residents to e-ID accounts and online public services",
    (
        ACTIVATE,
        REGISTER,
        ServiceTemplate(
            ServiceFacts("portal", ServiceRule.USE, "portal", minutes=4, weight=25),
            PORTAL.name_vi,
            PORTAL.name_en,
            PORTAL.result_vi,
            PORTAL.result_en,
        ),
    ),
    (
        IndicatorTemplate(
            "b1_account",
            "Cán bộ, công chức, viên chức có tài khoản định danh",
            "Officials with an e-ID account",
            "officials_account",
            "officials",
            100,
            "Plan B, B1",
        ),
        IndicatorTemplate(
            "b1_activated",
            "Cán bộ, công chức, viên chức đã kích hoạt tài khoản",
            "Officials who have activated their account",
            "officials_activated",
            "officials",
            100,
            "Plan B, B1",
        ),
        IndicatorTemplate(
            "b1_portal",
            "Cán bộ, công chức, viên chức đã kích hoạt và đã dùng trên Cổng DVCQG",
            "Officials with an activated account used on the portal",
            "officials_activated_portal",
            "officials",
            100,
            "Plan B, B1",
        ),
        IndicatorTemplate(
            "b2",
            "Người dân được hướng dẫn: đã kích hoạt và đã đăng nhập Cổng DVCQG (mỗi cán bộ ít nhất 10 người)",
            "Residents guided: activated and logged in to the portal (at least 10 for each official)",
            "guided_activated_portal",
            "quota",  # officials x residents_per_official
            100,
            "Plan B, B2 and B4",
        ),
        IndicatorTemplate(
            "b3",
            "Người chưa có tài khoản đã đăng ký thành công",
            "Residents without an account who have registered",
            "guided_registered",
            "register_needs",
            100,
            "Plan B, B3",
        ),
    ),
    final_report_days=1,  # B5: before 15/6, the campaign ending before it
)

TEMPLATES: Mapping[str, CampaignTemplate] = {template.code: template for template in (PLAN_A, PLAN_B)}


def template(code: str) -> CampaignTemplate:
    """Return a template by its code."""
    if code not in TEMPLATES:
        raise InvalidInput("unknown_template", field="template", template=code, known=", ".join(TEMPLATES))
    return TEMPLATES[code]
