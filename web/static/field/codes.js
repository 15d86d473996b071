// @ts-check
/** The words of closed lists, for when the campaign's own are not on the phone; and their pictures. */
import { _, said } from "./words.js";

export const COMMON = ["met", "absent", "refused", "callback"];
export const RARE = ["moved", "wrong_address", "unsafe", "not_reached"];

const OUTCOMES = /** @type {Record<string, string>} */ ({
  met: "Gặp được", absent: "Vắng nhà", refused: "Từ chối", callback: "Hẹn lại", moved: "Đã chuyển đi", wrong_address: "Sai địa chỉ", unsafe: "Không an toàn", not_reached: "Không tới được",
});
const RESULTS = /** @type {Record<string, string>} */ ({
  done: "Đã xong", submitted: "Đã gửi, chờ duyệt", rejected: "Bị trả lại", declined: "Người dân không làm", referred: "Hẹn ra công an", not_done: "Chưa làm được",
});
const NEED_STATES = /** @type {Record<string, [string, string, string]>} */ ({
  open: ["planned", "state-planned", "Cần làm"], submitted: ["due", "state-due", "Đã gửi, chờ duyệt"], done: ["done", "state-done", "Đã xong"],
  rejected: ["missed", "state-missed", "Bị trả lại"], declined: ["withdrawn", "state-withdrawn", "Người dân không làm"], referred: ["due", "state-due", "Đã hẹn ra công an"],
});
export const VISIT_STATES = /** @type {Record<string, [string, string, string]>} */ ({
  planned: ["planned", "state-planned", "Sắp tới"], due: ["due", "state-due", "Đến lịch"], done: ["done", "state-done", "Đã thăm"],
  missed: ["missed", "state-missed", "Bỏ lỡ"], spared: ["withdrawn", "state-withdrawn", "Dự phòng, chưa tới"], withdrawn: ["withdrawn", "state-withdrawn", "Đã rút"],
});
export const STANDINGS = /** @type {Record<string, [string, string, string]>} */ ({
  waiting: ["warning", "clock", "Chờ gửi"], problem: ["missed", "warning", "Chưa gửi được"], accepted: ["done", "sent", "Máy chủ đã nhận"], duplicate: ["done", "sent", "Máy chủ đã nhận"],
  off_assignment: ["due", "sent", "Đã nhận, ngoài phân công"], quarantined: ["warning", "warning", "Đã nhận, trực ban xem lại"], conflict: ["warning", "warning", "Trùng mã, trực ban xem lại"],
});
export const KINDS = /** @type {Record<string, string>} */ ({
  visit: "Lượt thăm", found_resident: "Thêm người trong hộ", found_household: "Thêm hộ mới", facts: "Đổi thông tin", availability: "Lịch rảnh", decline: "Không đi được", undecline: "Đi được",
});
const WITHDRAWN = /** @type {Record<string, string>} */ ({
  withdrawn: "Trực ban đã rút lượt thăm này", reassigned: "Đã giao cho tổ khác", week_over: "Tuần đã qua", not_yours: "Không thuộc danh sách của anh/chị", refused: "Hộ đã từ chối", left_roster: "Hộ không còn trong danh sách của xã",
});

/** Why a visit is no longer one's own. @param {string} reason */
export function goneText(reason) {
  return _(WITHDRAWN[reason] ?? WITHDRAWN.withdrawn);
}

/** @param {any} campaign @param {string} code */
export function outcomeText(campaign, code) {
  return listed(campaign?.outcomes, code) || _(OUTCOMES[code] ?? code);
}

/** @param {any} campaign @param {string} code */
export function resultText(campaign, code) {
  return listed(campaign?.results, code) || _(RESULTS[code] ?? code);
}

/** @param {any[]|undefined} list @param {string} code */
function listed(list, code) {
  const found = list?.find((entry) => entry.code === code);
  return found ? said(found) : "";
}

/** @param {any} campaign @param {number} id */
export function serviceText(campaign, id) {
  const service = campaign?.services.find((/** @type {any} */ s) => s.id === id);
  return service ? said(service, "name") : _("Việc số {id}", { id });
}

/** @param {string} state @returns {[string, string, string]} */
export function needState(state) {
  return NEED_STATES[state] ?? NEED_STATES.open;
}
