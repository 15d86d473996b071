"""The one place where an error becomes an answer: a page that says what to do, or JSON with the same words."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from planner.domain import defects
from planner.domain.errors import Busy, Conflict, InvalidInput, NotAllowed, NotFound, PlannerError, StorageFull, TooLarge
from web.access import wants_json
from web.words import say

STATUS: dict[type[PlannerError], int] = {
    NotFound: 404, NotAllowed: 403, InvalidInput: 422, Conflict: 409, Busy: 503, TooLarge: 413, StorageFull: 507,
}  # fmt: skip
log = structlog.get_logger("web")


def init_errors(app: Flask) -> None:
    app.register_error_handler(PlannerError, _planner_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _defect)


def status_of(error: PlannerError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)


def _planner_error(error: PlannerError) -> tuple[Response | str, int]:
    status = status_of(error)
    # A row that is missing and one that is another's read alike: the page's own words, and no facts.
    detail = "" if error.code == "not_found" else say(error.code, **error.facts)
    return _answer(status, error.code, detail, str(error.facts.get("field", "")))


def _stale_form(error: CSRFError) -> tuple[Response | str, int]:
    detail = _("Trang này đã mở từ lâu hoặc từ phiên đăng nhập trước. Hãy tải lại trang rồi gửi lại; chưa có gì bị thay đổi.")
    return _answer(400, "stale_form", detail)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    response = make_response(_answer(error.code, error.name.lower().replace(" ", "_"), ""))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.allow.update(error.valid_methods)
    return response


def _defect(error: Exception) -> tuple[Response | str, int]:
    """Say sorry with a number that leads to the log entry, which holds places in the code, never the error's text."""
    reference = secrets.token_hex(4)
    log.error("defect", reference=reference, endpoint=request.endpoint, **defects.traces(error))
    return _answer(500, "defect", _("Khi báo lỗi, xin kèm mã số %(reference)s.", reference=reference))


def _answer(status: int, code: str, detail: str, field: str = "") -> tuple[Response | str, int]:
    title, advice = page_words(status)
    if wants_json():
        error = {"code": code, "title": title, "message": detail or advice}
        return jsonify(error=error | ({"field": field} if field else {})), status
    return render_template("error.html", status=status, title=title, detail=detail, advice=advice), status


def page_words(status: int) -> tuple[str, str]:
    """Return an error page's heading and what to do next."""
    words = {
        400: (_("Yêu cầu không đọc được"), _("Hãy quay lại trang trước, tải lại rồi thử lần nữa.")),
        401: (_("Cần đăng nhập lại"), _("Phiên đăng nhập đã hết. Hãy đăng nhập rồi gửi lại; chưa có gì bị thay đổi.")),
        403: (_("Không có quyền"), _("Vai trò của anh/chị không mở được trang này. Cần thì hãy hỏi trực ban của xã.")),
        404: (_("Không tìm thấy"), _("Trang hoặc mục này không có, hoặc không thuộc phần việc của anh/chị.")),
        405: (_("Không làm được theo cách này"), _("Hãy quay lại trang trước và dùng nút trên trang.")),
        409: (_("Đã có người thay đổi trước"), _("Hãy xem lại bản mới nhất rồi quyết định.")),
        413: (_("Tệp quá lớn"), _("Hãy chia nhỏ tệp, hoặc bỏ bớt hình ảnh trong tệp, rồi gửi lại.")),
        415: (_("Loại tệp không dùng được"), _("Hãy gửi tệp .xlsx hoặc .csv.")),
        422: (_("Có chỗ chưa đúng"), _("Hãy sửa theo lời nhắc rồi gửi lại.")),
        429: (_("Thử quá nhiều lần"), _("Hãy đợi vài phút rồi thử lại. Thiết bị đã đăng nhập vẫn dùng được bình thường.")),
        500: (_("Máy chủ gặp lỗi"), _("Dữ liệu đã lưu không mất. Hãy thử lại sau ít phút.")),
        503: (_("Máy chủ đang bận"), _("Chưa lưu được. Hãy giữ nguyên trang, chờ chừng nửa phút rồi gửi lại.")),
        507: (_("Máy chủ hết chỗ lưu"), _("Chưa lưu được. Hãy giữ nguyên trang và báo trực ban.")),
    }
    return words.get(status, words[500] if status >= 500 else words[400])
