// @ts-check
/** Vietnamese first: the sentence in the code is the Vietnamese one; `en.js` holds the English. Days and hours are those of Việt Nam. */
const HOUR_MS = 3_600_000;
const VIETNAM_MS = 7 * HOUR_MS; // no summer time; a phone set to another zone still shows the hours of the plan
const DAYS_VI = ["Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"];
const DAYS_EN = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
let language = "vi";
let english = /** @type {Record<string, string>} */ ({});

/** @param {string} chosen "vi" or "en"; English is loaded when first asked for */
export async function useLanguage(chosen) {
  language = chosen === "en" ? "en" : "vi";
  if (language === "en") english = (await import("./en.js")).ENGLISH;
  document.documentElement.lang = language;
}

export function currentLanguage() {
  return language;
}

/** Say a sentence, with `{name}` replaced. @param {string} sentence @param {Record<string, any>} [facts] */
export function _(sentence, facts = {}) {
  const said = language === "en" ? english[sentence] ?? sentence : sentence;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/** Choose the reader's text of a thing that comes in both languages, e.g. `name_vi`, `name_en`. @param {any} thing @param {string} [name] */
export function said(thing, name = "") {
  const key = name ? `${name}_${language}` : language;
  return thing?.[key] || thing?.[name ? `${name}_vi` : "vi"] || "";
}

/** @param {number} ms @returns {Date} whose UTC fields are Việt Nam's */
function local(ms) {
  return new Date(ms + VIETNAM_MS);
}

/** The date in Việt Nam of an instant, as 2026-11-23. @param {number} ms */
export function dateOf(ms) {
  return local(ms).toISOString().slice(0, 10);
}

/** @param {string} date 2026-11-23 @param {number} days */
export function addDays(date, days) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

/** @param {string} date */
export function mondayOf(date) {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
}

/** "Thứ Ba 24/11". @param {string} date */
export function dayText(date) {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return `${(language === "en" ? DAYS_EN : DAYS_VI)[weekday]} ${shortDate(date)}`;
}

/** "T3 24/11", where there is little room. @param {string} date */
export function tinyDay(date) {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return `${language === "en" ? DAYS_EN[weekday].slice(0, 3) : weekday ? `T${weekday + 1}` : "CN"} ${shortDate(date)}`;
}

/** "24/11". @param {string} date */
export function shortDate(date) {
  return `${date.slice(8, 10)}/${date.slice(5, 7)}`;
}

/** "tuần 23/11–29/11/2026". @param {string} monday */
export function weekText(monday) {
  const sunday = addDays(monday, 6);
  return _("Tuần {from}–{to}", { from: shortDate(monday), to: `${shortDate(sunday)}/${sunday.slice(0, 4)}` });
}

/** "18:30". @param {string|number} instant */
export function hourText(instant) {
  const ms = typeof instant === "number" ? instant : Date.parse(instant);
  return local(ms).toISOString().slice(11, 16);
}

/** "18:42, Thứ Ba 24/11"; today's without the day. @param {string|number} instant @param {number} now */
export function momentText(instant, now) {
  const ms = typeof instant === "number" ? instant : Date.parse(instant);
  const day = dateOf(ms);
  return day === dateOf(now) ? hourText(ms) : `${hourText(ms)}, ${dayText(day)}`;
}

const PERIODS = /** @type {Record<string, string>} */ ({
  S: "Sáng", C: "Chiều", T: "Tối", morning: "Sáng", afternoon: "Chiều", evening: "Tối",
});

/** @param {string} period */
export function periodText(period) {
  return _(PERIODS[period] ?? period);
}

/** "Thứ Ba 24/11, tối 18:30–21:00". @param {{on_date: string, period: string, starts_at: string, ends_at: string}} shift */
export function spanText(shift) {
  return `${dayText(shift.on_date)}, ${periodText(shift.period).toLowerCase()} ${hourText(shift.starts_at)}–${hourText(shift.ends_at)}`;
}

/** Group a number's digits to dial from. @param {string} phone */
export function phoneText(phone) {
  const digits = phone.replace(/\D/g, "");
  return digits.length === 10 ? `${digits.slice(0, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}` : phone;
}

/** The device's own time with its offset, as 2026-12-01T18:42:10+07:00. @param {number} ms */
export function deviceTime(ms) {
  const date = new Date(ms);
  const ahead = -date.getTimezoneOffset();
  const sign = ahead < 0 ? "-" : "+";
  const two = (/** @type {number} */ n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${new Date(ms + ahead * 60_000).toISOString().slice(0, 19)}${sign}${two(ahead / 60)}:${two(ahead % 60)}`;
}

/** @param {number} bytes */
export function sizeText(bytes) {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1).replace(".", language === "en" ? "." : ",")} MB`;
}
