// @ts-check
/** Where a household stands, if the volunteer chooses to say: asked of the phone once, at a press, for this house alone. */
import { h } from "./dom.js";
import { _ } from "./words.js";

const WAIT_MS = 20_000;
const ROUGH_M = 100; // a fix as rough as that leads the next crew astray

/** @typedef {{lat: number|null, lon: number|null}} Place */

/** @returns {{node: HTMLElement, place: Place}} `place` holds what was found, to a tenth of a metre */
export function placeField() {
  const place = /** @type {Place} */ ({ lat: null, lon: null });
  const said = h("p", { class: "field__hint", role: "status", id: "place-said" });
  const find = h("button", { type: "button", class: "button button--secondary", "aria-describedby": "place-said", on: { click: ask } }, _("Ghi vị trí nhà này"));
  const drop = h("button", { type: "button", class: "button button--secondary", hidden: true, on: { click: () => { keep(null, null); say(NOTHING()); } } }, _("Bỏ vị trí"));
  say(NOTHING());

  function ask() {
    if (!("geolocation" in navigator) || !window.isSecureContext) {
      say(_("Máy này không cho lấy vị trí ở đây. Địa chỉ là đủ."));
      return;
    }
    say(_("Đang tìm vị trí… Đứng ngoài trời thì nhanh hơn."));
    /** @type {HTMLButtonElement} */ (find).disabled = true;
    navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 });
  }

  /** @param {GeolocationPosition} position */
  function found({ coords }) {
    const metres = Math.ceil(coords.accuracy);
    if (metres > ROUGH_M) {
      keep(null, null);
      say(_("Vị trí còn sai tới {metres} m nên chưa ghi. Ra chỗ thoáng rồi bấm lại.", { metres }));
      return;
    }
    keep(Number(coords.latitude.toFixed(6)), Number(coords.longitude.toFixed(6)));
    find.dispatchEvent(new Event("input", { bubbles: true })); // something is filled in now
    say(_("Đã ghi vị trí, sai số khoảng {metres} m.", { metres }));
  }

  /** @param {GeolocationPositionError} error */
  function failed(error) {
    keep(null, null);
    say(error.code === 1 ? _("Điện thoại không cho phép lấy vị trí. Địa chỉ là đủ.") : _("Chưa tìm được vị trí. Bấm lại, hoặc chỉ ghi địa chỉ."));
  }

  /** @param {number|null} lat @param {number|null} lon */
  function keep(lat, lon) {
    Object.assign(place, { lat, lon });
    /** @type {HTMLButtonElement} */ (find).disabled = false;
    drop.hidden = lat === null;
  }

  /** @param {string} text */
  function say(text) {
    said.textContent = text;
  }

  return { node: h("div", { class: "field" }, said, h("div", { class: "button-row" }, find, drop)), place };
}

const NOTHING = () => _("Nếu anh/chị đang đứng ở nhà này: bấm để tổ sau tìm được. Chỉ ghi vị trí của nhà, một lần.");
