// @ts-check
/** Somebody, or a whole household, that the list did not know; and facts that have changed. */
import { back, h, icon, pageHeader } from "../dom.js";
import { Errors, more, radios, saveBar, textArea, textField, valueOf } from "../forms.js";
import { placeField } from "../place.js";
import { factsOf, housesFound } from "../model.js";
import { uuid4 } from "../store.js";
import { _, dateOf, hourText } from "../words.js";
import { gone } from "./states.js";

const NOTE_HINT = () => _("Không ghi mật khẩu, mã OTP hay số căn cước.");
const PHONE = { inputmode: "tel", maxlength: 20 };
const WORK = /** @type {[string, string][]} */ ([["home", "Thường ở nhà"], ["worker", "Đi làm ban ngày"], ["shift", "Làm theo ca"], ["pupil", "Đi học"], ["away", "Đi xa lâu ngày"]]);

// What new households are called, while the app stays open: their receipts keep no names.
const named = /** @type {Map<string, string>} */ (new Map());

/** @param {import("../main.js").Context} ctx @param {string} uid @param {string} [newHousehold] the id of a household that was itself found near this visit */
export function foundView(ctx, uid, newHousehold = "") {
  const visit = ctx.model.visit.get(uid);
  if (!visit) return gone();
  const title = _("Thêm người, thêm hộ gặp được");
  const person = personForm();
  if (newHousehold) {
    const house = housesFound(ctx.model, visit).find((each) => each.uid === newHousehold);
    if (!house) return gone();
    person.addEventListener("submit", (event) => { event.preventDefault(); savePerson(ctx, visit, person, { household_uid: newHousehold }, `#/found/${uid}/${newHousehold}`); });
    const node = h("div", {}, back(`#/found/${uid}`, _("Quay lại")),
      pageHeader(nameOf(house), _("Hộ mới, gần: {name}", { name: visit.head_name }), _("Trực ban sẽ xem và đưa vào danh sách.")),
      h("section", { class: "panel", "aria-labelledby": "one-more" }, h("h2", { id: "one-more" }, _("Thêm một người trong hộ này")),
        house.people > 0 && h("p", {}, _("Đã ghi thêm {count} người trong hộ này.", { count: house.people })), person),
      h("p", {}, h("a", { class: "button button--secondary", href: `#/visit/${uid}` }, _("Không còn ai, về hộ trong danh sách"))));
    return { title, node, tab: "week", form: person };
  }
  const where = placeField();
  const household = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    textField("head_name", _("Tên chủ hộ"), { attributes: { maxlength: 120 } }),
    textField("address", _("Địa chỉ"), { attributes: { maxlength: 200 } }),
    where.node,
    textField("phone2", _("Số điện thoại (nếu họ cho)"), { attributes: PHONE }),
    textArea("note2", _("Ghi chú (nếu cần)"), { hint: NOTE_HINT(), most: 500 }),
    saveBar(_("Lưu hộ mới"))));
  const node = h("div", {}, back(`#/visit/${uid}`, _("Quay lại")),
    pageHeader(title, visit.head_name, _("Trực ban sẽ xem và đưa vào danh sách.")),
    housesFound(ctx.model, visit).map((house) => h("p", {}, h("a", { class: "button button--secondary", href: `#/found/${uid}/${house.uid}` }, icon("plus"), _("Thêm người ở hộ mới: {name}", { name: nameOf(house) })))),
    h("section", { class: "panel", "aria-labelledby": "one-more" }, h("h2", { id: "one-more" }, _("Thêm một người trong hộ này")), person),
    more(_("Gặp một hộ chưa có trong danh sách?"), household));
  person.addEventListener("submit", (event) => { event.preventDefault(); savePerson(ctx, visit, person, { household_id: visit.household_id }, `#/visit/${uid}`); });
  household.addEventListener("submit", (event) => { event.preventDefault(); saveHousehold(ctx, visit, household, where.place); });
  return { title, node, tab: "week", form: person, forms: [person, household] };
}

/** @param {any} house */
function nameOf(house) {
  return named.get(house.uid) || house.name || _("ghi lúc {when}", { when: hourText(house.occurred_at) });
}

function personForm() {
  return /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    textField("name", _("Họ và tên"), { attributes: { maxlength: 120 } }),
    textField("birth_year", _("Năm sinh (nếu biết)"), { short: true, attributes: { inputmode: "numeric", maxlength: 4 } }),
    textField("phone", _("Số điện thoại (nếu họ cho)"), { attributes: PHONE }),
    textArea("note", _("Ghi chú (nếu cần)"), { hint: NOTE_HINT(), most: 500 }),
    saveBar(_("Lưu người mới"))));
}

/** @param {import("../main.js").Context} ctx @param {any} visit @param {HTMLFormElement} form @param {{household_id?: number, household_uid?: string}} home @param {string} then */
async function savePerson(ctx, visit, form, home, then) {
  const errors = new Errors();
  const name = valueOf(form, "name");
  const year = valueOf(form, "birth_year");
  if (!name) errors.add("name", _("Ghi họ và tên."));
  const birth_year = year ? Number(year) : null;
  if (birth_year !== null && !(birth_year >= 1900 && birth_year <= Number(dateOf(ctx.now()).slice(0, 4)))) errors.add("birth_year", _("Ghi năm sinh bốn chữ số, ví dụ 1985."));
  const taken_back = home.household_uid && !housesFound(ctx.model, visit).some((house) => house.uid === home.household_uid);
  if (taken_back) errors.add("name", _("Hộ mới này đã được bỏ: quay lại và ghi hộ trước."));
  errors.show(form);
  if (errors.any) return;
  const body = { ...home, resident_uid: uuid4(), name, birth_year, phone: valueOf(form, "phone"), note: valueOf(form, "note") };
  await ctx.save("found_resident", body, { said: _("Đã lưu: {name}", { name }), then });
}

/** @param {import("../main.js").Context} ctx @param {any} visit @param {HTMLFormElement} form @param {import("../place.js").Place} place */
async function saveHousehold(ctx, visit, form, place) {
  const errors = new Errors();
  const [head_name, address] = [valueOf(form, "head_name"), valueOf(form, "address")];
  if (!head_name) errors.add("head_name", _("Ghi tên chủ hộ."));
  if (!address) errors.add("address", _("Ghi địa chỉ để tổ sau tìm được."));
  errors.show(form);
  if (errors.any) return;
  const household_uid = uuid4();
  const body = {
    household_uid, near_household_id: visit.household_id, head_name, address, phone: valueOf(form, "phone2"), ...place, note: valueOf(form, "note2"),
  };
  named.set(household_uid, head_name);
  await ctx.save("found_household", body, { said: _("Đã lưu: {name}", { name: head_name }), then: `#/found/${visit.uid}/${household_uid}` });
}

/** @param {import("../main.js").Context} ctx @param {string} uid @param {string} residentId */
export function factsView(ctx, uid, residentId) {
  const visit = ctx.model.visit.get(uid);
  const listed = visit?.residents.find((/** @type {any} */ r) => String(r.id) === residentId);
  if (!listed) return gone();
  const resident = factsOf(ctx.model, listed);
  const smartphone = resident.smartphone === true ? "yes" : resident.smartphone === false ? "no" : "";
  const form = /** @type {HTMLFormElement} */ (h("form", { novalidate: true },
    textField("phone", _("Số điện thoại"), { value: resident.phone ?? "", attributes: PHONE }),
    radios("smartphone", _("Có điện thoại thông minh không?"), [["yes", _("Có")], ["no", _("Không")]], { value: smartphone, row: true }),
    radios("working_pattern", _("Thường ở đâu vào ban ngày?"), WORK.map(([key, text]) => [key, _(text)]), { value: resident.working_pattern }),
    saveBar(_("Lưu thông tin"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const errors = new Errors();
    const phone = valueOf(form, "phone");
    if (phone && phone.replace(/\D/g, "").length < 9) errors.add("phone", _("Số điện thoại có 9 chữ số trở lên; bỏ trống nếu không có."));
    errors.show(form);
    if (errors.any) return;
    const answer = valueOf(form, "smartphone");
    const now = { phone, smartphone: answer ? answer === "yes" : resident.smartphone ?? null, working_pattern: valueOf(form, "working_pattern") || resident.working_pattern };
    const changes = Object.fromEntries(Object.entries(now).filter(([key, to]) => (resident[key] ?? "") !== (to ?? "")).map(([key, to]) => [key, { from: resident[key] ?? null, to }]));
    if (!Object.keys(changes).length) {
      location.hash = `#/visit/${uid}`;
      return;
    }
    await ctx.save("facts", { resident_id: resident.id, changes }, { said: _("Đã lưu: {name}", { name: resident.name }), then: `#/visit/${uid}` });
  });
  const node = h("div", {}, back(`#/visit/${uid}`, _("Quay lại")), pageHeader(resident.name, visit.head_name), form);
  return { title: resident.name, node, tab: "week", form };
}

