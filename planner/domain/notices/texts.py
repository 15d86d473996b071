"""What each kind of notice says, in Vietnamese and English: a subject, and lines of which those without facts are left out.

Written for people who are tired, and for people of sixty: short sentences, one thing a line, what to do at the end. Days are
named: what says "tomorrow" may be sent late, or read late. E-mail and push leave the house, so nothing here names a resident,
and nobody is ever asked for a code or a passphrase.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.notices.kinds import NoticeKind

_K = NoticeKind
Pair = tuple[str, str]  # Vietnamese, English


@dataclass(frozen=True)
class Text:
    """The words of a kind. A line is shown when all its facts are there (see `wording.Facts` for how facts read).

    One that begins with ``{?fact}`` is shown only if that fact is true, with ``{!fact}`` only if not.

    `short` stands for the subject on a locked screen, where that names somebody.
    """

    subject: Pair
    lines: tuple[Pair, ...]
    short: Pair | None = None


_SHIFT_LINES: tuple[Pair, ...] = (
    ("Giờ: {starts_hour}–{ends_hour}.", "Hours: {starts_hour}–{ends_hour}."),
    ("Nơi đến: {hamlet}.", "Where: {hamlet}."),
    ("Số hộ: {households}.", "Households: {households}."),
    ("Đi cùng: {mates}.", "With: {mates}."),
)
_CANNOT_COME: Pair = (
    "Không đi được thì bấm “Tôi không đi được” trong ứng dụng. Báo sớm là giúp cả tổ.",
    "If you cannot come, press “I cannot come” in the app. Saying so early helps your crew.",
)
_GIVEN_UP: Pair = (
    "{?given_up}Máy không tự thử nữa. Sửa xong, xin bấm “Thử lại” ở trang Đồng hồ.",
    "{?given_up}It is not tried again by itself. Once that is mended, press “Try again” on the Clock page.",
)

TEXTS: Mapping[NoticeKind, Text] = {
    _K.SHIFT_TOMORROW: Text(
        ("Anh/chị có lịch đi thăm hộ: {period} {on_date}", "You are out on {on_date}, {period}"),
        (*_SHIFT_LINES, _CANNOT_COME),
    ),
    _K.SHIFT_SOON: Text(("Sắp đến giờ đi: {starts_time}", "Your shift begins at {starts_time}"), _SHIFT_LINES),
    _K.SHIFT_CHANGED: Text(
        ("Lịch đi của anh/chị có thay đổi, {monday}", "Your shifts have changed, {monday}"),
        (
            ("Ca mới: {added}.", "New: {added}."),
            ("Ca đã bỏ, không phải đi nữa: {removed}.", "No longer yours: {removed}."),
            ("Ca đổi người đi cùng hoặc đổi hộ: {changed}.", "Other companions or households: {changed}."),
            ("Xin mở lịch để xem danh sách mới.", "Please open your week to see the new list."),
        ),
    ),
    _K.APPOINTMENT_SOON: Text(
        ("Có hẹn lúc {starts_time}", "An appointment at {starts_time}"),
        (
            ("Nơi hẹn: {hamlet}.", "Where: {hamlet}."),
            (
                "{?at_police}Số người hẹn ra công an hôm đó: {count}.",
                "{?at_police}Expected at the police desk that day: {count}.",
            ),
            ("{?unplanned}Chưa có ai đi được. Xin cử người.", "{?unplanned}Nobody can go there yet. Please find someone."),
            (
                "{?unreached}Người trong tổ không dùng ứng dụng. Xin gọi điện nhắc họ.",
                "{?unreached}Nobody in the crew uses the app. Please call to remind them.",
            ),
            ("{!at_police}Người dân chờ đúng giờ đã hẹn.", "{!at_police}People wait at the hour they were promised."),
        ),
    ),
    _K.WEEK_PUBLISHED: Text(
        ("Đã có lịch đi của anh/chị, {monday}", "Your shifts are out, {monday}"),
        (
            ("Số ca: {shifts}.", "Shifts: {shifts}."),
            ("Các ca: {slots}.", "When: {slots}."),
            _CANNOT_COME,
        ),
    ),
    _K.AVAILABILITY_CLOSING: Text(
        ("Xin báo lịch rảnh trước {closes_time}", "Please say when you are free by {closes_time}"),
        (
            ("Lịch cho {monday}.", "It is for the {monday}."),
            (
                "Báo một phút là xong. Không báo thì xếp theo lịch thường lệ.",
                "It takes a minute. Else your usual times count.",
            ),
        ),
    ),
    _K.MEMBER_CANNOT_COME: Text(
        ("{volunteer} không đi được: {period} {on_date}", "{volunteer} cannot come: {on_date}, {period}"),
        (
            ("Nơi đến: {hamlet}.", "Where: {hamlet}."),
            ("Số hộ đang chờ: {households}.", "Households waiting: {households}."),
            ("Trực ban sẽ xếp người khác hoặc dời lịch.", "The desk will find someone else or another hour."),
        ),
        short=("Có người không đi được: {period} {on_date}", "Someone cannot come: {on_date}, {period}"),
    ),
    _K.MEMBER_COMES: Text(
        ("{volunteer} lại đi được: {period} {on_date}", "{volunteer} comes after all: {on_date}, {period}"),
        (("Ca vẫn đi như đã xếp.", "The shift goes ahead as planned."),),
        short=("Người báo vắng lại đi được: {period} {on_date}", "Who was absent comes after all: {on_date}, {period}"),
    ),
    _K.AVAILABILITY_CLOSED: Text(
        ("Đã khép lịch rảnh, {monday}", "Availability is closed, {monday}"),
        (
            ("Đã báo: {given} người. Chưa báo: {missing} người.", "Answered: {given}. Not yet: {missing}."),
            ("Người chưa báo được xếp theo lịch thường lệ.", "For those who did not answer, their usual times count."),
        ),
    ),
    _K.DRAFT_READY: Text(
        ("Bản nháp đã xong, {monday}", "The draft is ready, {monday}"),
        (
            ("Số ca: {shifts}. Số lượt thăm: {visits}.", "Shifts: {shifts}. Visits: {visits}."),
            ("Xin xem lại rồi công bố.", "Please look it through, then publish."),
        ),
    ),
    _K.DRAFT_FAILED: Text(
        ("Chưa lập được bản nháp, {monday}", "The draft could not be made, {monday}"),
        (("{error}", "{error}"),),
    ),
    _K.WEEK_PUBLISHED_BY_ITSELF: Text(
        ("Kế hoạch đã tự công bố, {monday}", "The plan was published by itself, {monday}"),
        (
            ("Số ca: {shifts}. Số lượt thăm: {visits}.", "Shifts: {shifts}. Visits: {visits}."),
            (
                "Đợt này được đặt là tự công bố khi bản nháp không có lỗi.",
                "This campaign is set to publish drafts without faults by itself.",
            ),
        ),
    ),
    _K.MISSED_FOUND: Text(
        ("Có {missed} lượt bỏ lỡ, {monday}", "Missed visits: {missed}, {monday}"),
        (("Mở trang Bỏ lỡ để xếp lại.", "Open the page of missed visits to plan them again."),),
    ),
    _K.REPLAN_PROPOSED: Text(
        ("Có đề nghị xếp lại {missed} lượt bỏ lỡ, {monday}", "A proposal for {missed} missed visits, {monday}"),
        (
            ("Số lượt xếp được: {placed}.", "Visits that found an hour: {placed}."),
            ("Xin xem thay đổi rồi công bố, hoặc bỏ qua.", "Please look at the changes, then publish or dismiss them."),
        ),
    ),
    _K.DAILY_DIGEST: Text(
        ("Kết quả {on_date}", "The day: {on_date}"),
        (
            ("Đã thăm: {done}. Bỏ lỡ: {missed}.", "Visited: {done}. Missed: {missed}."),
            ("Số việc làm xong: {needs_done}.", "Needs done: {needs_done}."),
            ("Hôm nay: {today_shifts} ca, {today_visits} lượt thăm.", "Today: {today_shifts} shifts, {today_visits} visits."),
            ("Chờ trực ban xem: {waiting}.", "Waiting for the desk: {waiting}."),
        ),
    ),
    _K.FOLLOW_UP_DUE: Text(
        ("Cần hỏi lại {count} việc đã gửi", "Integrations to ask about: {count}"),
        (("Lâu nhất đã chờ {oldest_days} ngày.", "The oldest has waited for {oldest_days} days."),),
    ),
    _K.REPORT_DUE: Text(
        ("Còn {days_left} ngày: {report}", "{days_left} days left: {report}"),
        (
            ("Hạn: {due_on}.", "Due: {due_on}."),
            ("Người chịu trách nhiệm: {responsible}.", "Who answers for it: {responsible}."),
        ),
    ),
    _K.REPORT_OVERDUE: Text(
        ("Quá hạn {days_late} ngày: {report}", "{days_late} days late: {report}"),
        (
            ("Hạn là {due_on}.", "It was due {due_on}."),
            ("Người chịu trách nhiệm: {responsible}.", "Who answers for it: {responsible}."),
        ),
    ),
    _K.FORECAST_SHORT: Text(
        ("Dự báo chưa đạt: {indicator}", "Forecast short of its target: {indicator}"),
        (
            (
                "Chỉ tiêu: {target} %. Dự kiến đến {ends_on}: {expected} %, bốn phần năm khả năng là từ {low} % đến {high} %.",
                "Target: {target} %. Expected by {ends_on}: {expected} %, four times out of five between {low} % and {high} %.",
            ),
            (
                "Để kịp, cần thêm khoảng {extra_shifts_a_week} ca tổ mỗi tuần.",
                "To be in time it takes about {extra_shifts_a_week} more crew shifts a week.",
            ),
            (
                "{?beyond_shifts}Chỉ thêm ca thì không kịp: cần cách khác, như điểm lưu động hay nhờ người thân.",
                "{?beyond_shifts}More shifts alone will not do: it takes another way, such as a mobile desk or relatives' help.",
            ),
            ("Nơi cần nhất: {hamlets}.", "Where most: {hamlets}."),
        ),
    ),
    _K.JOB_FAILED: Text(
        ("Việc tự động chưa làm được: {job}", "An automatic job failed: {job}"),
        (
            ("{error}", "{error}"),
            ("Số lần đã thử: {attempts}.", "Attempts: {attempts}."),
            ("{!given_up}Máy sẽ thử lại.", "{!given_up}It will be tried again."),
            _GIVEN_UP,
        ),
    ),
    _K.CLOCK_STOOD_STILL: Text(
        ("Đồng hồ hệ thống đã dừng {minutes} phút", "The clock stood still for {minutes} minutes"),
        (
            ("Từ {since_time}.", "Since {since_time}."),
            ("Việc đến hạn đã được làm bù.", "What was due has been caught up."),
        ),
    ),
    _K.BACKUP_FAILED: Text(
        ("Chưa sao lưu được dữ liệu", "The backup failed"),
        (
            ("{error}", "{error}"),
            ("Xin báo người quản trị máy ngay hôm nay.", "Please tell whoever looks after the machine today."),
            _GIVEN_UP,
        ),
    ),
    _K.RETENTION_DUE: Text(
        ("Đến hạn xóa dữ liệu cá nhân: {campaign}", "Personal data is due to be erased: {campaign}"),
        (
            ("Hạn: {due_on}. Số người: {people}.", "Due: {due_on}. People: {people}."),
            ("Cần hai người duyệt trước khi xóa.", "Two people must agree before anything is erased."),
        ),
    ),
}
