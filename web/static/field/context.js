// @ts-check
/** What every screen needs: the person, what the phone knows, and the few things a screen can do. */
import { toast } from "./dom.js";
import { ask } from "./dialog.js";
import { Errors } from "./forms.js";
import { loadModel } from "./model.js";
import { record, undo, waiting } from "./outbox.js";
import { choose, current, everyone, leave } from "./people.js";
import { photos } from "./photo_queue.js";
import { call } from "./api.js";
import { isFull, recall, remember } from "./store.js";
import { _, useLanguage } from "./words.js";
import { banners, nobody } from "./views/states.js";
import { askForBackgroundSync } from "./worker_client.js";

const LOCK_MS = 600_000; // a phone put down for so long asks for the PIN again
const EMPTY = { rows: [], receipts: [], photos: [], empty: true, campaign: null, desk: { days: [] }, mine: null, shifts: [], visits: [], availability: [], gone: [], visit: new Map(), shift: new Map() };

/** @typedef {ReturnType<typeof createContext>} Context */

/**
 * @param {any} db @param {HTMLElement} root
 * @param {{matching: (hash: string) => any, drawFrame: (ctx: any, root: HTMLElement, screen: any) => void}} parts
 */
export function createContext(db, root, { matching, drawFrame }) {
  let screen = /** @type {any} */ (null);
  let shownAt = "";
  let dirty = false;
  let saving = 0;
  let drawing = Promise.resolve();
  let queue = Promise.resolve();
  let hiddenAt = 0;
  let reading = false;
  let telling = false;
  let sync = /** @type {any} */ (null);

  const ctx = {
    db, now: () => Date.now(), ask, toast,
    person: /** @type {any} */ (null), everyone: /** @type {any[]} */ ([]), others: /** @type {any[]} */ ([]), model: /** @type {any} */ (EMPTY),
    status: /** @type {import("./sync.js").Status} */ (/** @type {any} */ ({ phase: "idle", line: null, trouble: null, clock_ms: 0, done_ms: 0, total: 0, sent: 0, loaded: 0 })),
    worker: true, switchedOff: false, persisted: false, installable: /** @type {any} */ (null),
    shell: new URL(import.meta.url).pathname.split("/")[3] ?? "",

    /** @param {any} started */
    attach(started) {
      sync = started;
      ctx.status = started.status;
    },

    banners: () => banners(ctx),
    isDirty: () => dirty,
    /** A form is open, or what was in it is on its way to the disk. */
    isBusy: () => dirty || saving > 0,
    onBusy: (/** @type {boolean} */ _busy) => {},
    clean() { setDirty(false); },

    /**
     * Read anew what the phone knows; draw it where no form is being filled in. Another tab may have let somebody else take the phone: a form stays with
     * the person it was drawn for. @param {{quiet?: boolean, whose?: any}} [how] `whose`: the person to read it for, whoever was chosen last
     */
    async refresh({ quiet = false, whose = undefined } = {}) {
      const asked = whose === undefined ? atForm() : whose;
      const [people, chosen, rows, pictures] = await Promise.all([everyone(db), current(db), waiting(db), photos(db)]);
      const now = asked && (people.find((p) => p.user_id === asked.user_id) ?? asked);
      const person = now ?? chosen ?? (people.length === 1 ? people[0] : null);
      if (!chosen && person) await choose(db, person.user_id);
      await useLanguage((await recall(db, "language")) ?? person?.language ?? "vi"); // chosen here, else the person's own
      const model = person ? await loadModel(db, person) : EMPTY;
      if (whose === undefined && atForm() && atForm().user_id !== person?.user_id) return ctx.refresh({ quiet }); // it was opened meanwhile
      const unsentOf = (/** @type {number} */ user) => rows.filter((r) => r.user === user).length + pictures.filter((p) => p.user === user && p.state !== "sent").length;
      const others = people.filter((p) => p.user_id !== person?.user_id && unsentOf(p.user_id)).map((p) => ({ name: p.name, count: unsentOf(p.user_id) }));
      Object.assign(ctx, { everyone: people, person, waitingOf: unsentOf, others, model });
      if (!quiet) await ctx.redraw();
    },
    waitingOf: (/** @type {number} */ _user) => 0,

    /** Something came or went: read and draw once for all that happens meanwhile. */
    changed() {
      if (reading) return;
      reading = true;
      setTimeout(() => { reading = false; ctx.refresh(); }, 30);
    },

    /** Draw the screen of the address. */
    async show() {
      shownAt = location.hash;
      setDirty(false);
      screen = ctx.screenOf(location.hash);
      watch(screen);
      drawFrame(ctx, root, screen);
      document.title = `${screen.title} – Năm Rõ`;
    },

    /** @param {string} hash */
    screenOf(hash) {
      const found = matching(hash) ?? matching("#/week");
      const choosing = /^#\/(people|enter)/.test(hash);
      if (!ctx.everyone.length) return nobody(ctx);
      if (choosing) return found.view(ctx, ...found.parameters);
      if (!ctx.person) return matching("#/people").view(ctx);
      if (!ctx.isOpen(ctx.person)) return matching(`#/enter/${ctx.person.user_id}`).view(ctx, String(ctx.person.user_id));
      return found.view(ctx, ...found.parameters);
    },

    /** Draw again what lives; what is being filled in stays as it is. */
    redraw() {
      drawing = drawing.then(() => {
        if (!screen || (screen.live && !dirty)) {
          screen = ctx.screenOf(location.hash);
          watch(screen);
          drawFrame(ctx, root, { ...screen, again: true });
        } else ctx.statusChanged();
      });
      return drawing;
    },

    rerender() { ctx.show(); },
    /** The exchange is a step further: said once for all steps of a moment. */
    statusChanged() {
      if (telling) return;
      telling = true;
      setTimeout(() => {
        telling = false;
        if (screen?.live && !dirty && screen.tab === "outbox") ctx.redraw();
        else if (screen) drawFrame(ctx, root, null);
      }, 60);
    },

    async moved() {
      if (location.hash === shownAt) return;
      if (dirty && !(await ask(_("Bỏ những gì vừa ghi?"), _("Lượt này chưa lưu."), _("Bỏ")))) {
        history.replaceState(null, "", shownAt || "#/week");
        return;
      }
      setDirty(false);
      if (ctx.renew()) return; // a newer version is ready, and no form is open: now is the time
      await ctx.show();
      window.scrollTo(0, 0);
      /** @type {HTMLElement|null} */ (root.querySelector("h1"))?.focus();
    },
    renew: () => false,

    /**
     * Keep an event; only when it is on the disk is it said to be saved. @returns {Promise<boolean>}
     * @param {string} kind @param {any} body @param {{said: string, then?: string, occurred_ms?: number, plan_version?: number|null, quiet?: boolean}} how
     */
    async save(kind, body, { said, then, occurred_ms, plan_version = null, quiet = false }) {
      let row;
      const from = location.hash;
      saving += 1;
      setDirty(false); // nobody is asked whether to drop what is being written
      try {
        row = await record(db, ctx.person.user_id, kind, body, { now: ctx.now(), occurred_ms: occurred_ms ?? ctx.now(), plan_version });
      } catch (error) {
        setDirty(true);
        ctx.storageTrouble(root.querySelector("main form"), isFull(error), error);
        return false;
      } finally {
        saving -= 1;
        ctx.onBusy(ctx.isBusy());
      }
      toast(said, quiet ? undefined : { label: _("Hoàn tác"), act: () => ctx.undo(row.event_id) });
      await ctx.refresh({ quiet: true });
      ctx.savedSomething();
      if (location.hash !== from) return true; // they have gone on meanwhile
      if (then && then !== from) location.hash = then;
      else if (!quiet) await ctx.show();
      return true;
    },

    savedSomething() {
      sync.saved();
      askForBackgroundSync();
    },

    /** @param {string} eventId */
    async undo(eventId) {
      const undone = await undo(db, eventId);
      await ctx.refresh();
      toast(undone > 1 ? _("Đã bỏ hộ mới và {count} người đã ghi ở đó", { count: undone - 1 }) : undone ? _("Đã bỏ lượt ghi") : _("Lượt này đã gửi đi: hãy mở hộ và bấm Sửa lại."));
    },

    /** Not saved, and it must be seen. @param {HTMLElement|null} form @param {boolean} full @param {any} error */
    storageTrouble(form, full, error) {
      console.info(error);
      const errors = new Errors();
      errors.add("storage", full ? _("CHƯA lưu được: điện thoại hết chỗ. Xóa bớt ảnh hay ứng dụng khác, rồi bấm Lưu lại; trang này vẫn giữ điều đã ghi.") : _("CHƯA lưu được: trình duyệt không ghi được vào máy. Bấm Lưu lại lần nữa; không được thì ghi ra giấy và báo trực ban."));
      if (form) errors.show(form);
      else toast(_("Có lỗi trên máy. Những gì đã lưu không mất."));
    },

    sendNow() { return sync.request({ all: true, pull: true }); },

    /** @param {() => Promise<any>} work */
    inOrder(work) {
      queue = queue.then(work, work);
      return queue;
    },

    /** @param {string} language */
    async speak(language) {
      await useLanguage(language);
      await remember(db, "language", language);
      await ctx.show();
    },

    /** @param {number} user */
    async become(user) {
      setDirty(false); // a PIN typed is nothing to lose
      await choose(db, user);
      await ctx.refresh({ quiet: true, whose: null });
      ctx.opened(user);
      if (location.hash === "#/week") await ctx.show();
      else location.hash = "#/week";
    },

    /** May this person's lists be shown: no PIN, or given in this tab not long ago. @param {any} person */
    isOpen(person) {
      return !person.pin || sessionStorage.getItem("open") === String(person.user_id);
    },

    /** @param {number} user */
    opened(user) { sessionStorage.setItem("open", String(user)); },

    visibilityChanged() {
      if (document.visibilityState === "hidden") hiddenAt = Date.now();
      else if (hiddenAt && Date.now() - hiddenAt > LOCK_MS && ctx.person?.pin && !dirty) {
        sessionStorage.removeItem("open");
        ctx.show();
      }
    },

    /** End a person's seat, once nothing of theirs is unsent. @param {any} person */
    async signOut(person) {
      await ctx.refresh({ quiet: true });
      if (ctx.waitingOf(person.user_id)) {
        toast(_("Còn mục chưa gửi: chưa đăng xuất được."));
        return;
      }
      if (!(await ask(_("Đăng xuất {name}?", { name: person.name }), _("Danh sách của người này được xóa khỏi máy. Muốn dùng lại phải có mã QR mới."), _("Đăng xuất")))) return;
      try {
        if (person.seat === "ok") await call("POST", "/sign-out", { person: person.user_id, json: {} });
      } catch (error) {
        if (/** @type {any} */ (error).kind !== "ended") {
          toast(_("Cần có mạng để đăng xuất."));
          return;
        }
      }
      await leave(db, person.user_id);
      sessionStorage.removeItem("open");
      await ctx.refresh({ quiet: true, whose: null });
      location.hash = "#/people";
      await ctx.show();
    },

    async install() {
      await ctx.installable?.prompt();
      ctx.installable = null;
      await ctx.show();
    },
  };

  /** Whose form is on the screen, if there is one that is not drawn anew. */
  function atForm() {
    return screen && (dirty || !screen.live) ? ctx.person : null;
  }

  /** From the first key or tap in a form until it is saved, nothing may draw over it. @param {any} shown */
  function watch(shown) {
    for (const form of shown.forms ?? [shown.form ?? shown.node.querySelector?.("form")]) form?.addEventListener("input", () => setDirty(true));
  }

  /** @param {boolean} is */
  function setDirty(is) {
    dirty = is;
    ctx.onBusy(ctx.isBusy());
  }

  return ctx;
}
