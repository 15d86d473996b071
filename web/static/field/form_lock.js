// @ts-check
/** A form that is open here is known to all tabs by a shared lock; what must not disturb anybody runs while nobody holds it. */

const NAME = "namro-form-open";

/** @param {any} [locks] the browser's; over plain http it has none */
export function createFormLock(locks = navigator.locks) {
  let held = /** @type {{letGo: () => void, gone: Promise<any>}|null} */ (null);
  let free = /** @type {Promise<any>} */ (Promise.resolve());

  return {
    /** Asked for once, and let go of even before it was given: a busy phone takes longer for that than somebody for the next key. */
    hold() {
      if (held || !locks) return;
      let letGo = () => {};
      const until = new Promise((done) => { letGo = () => done(null); });
      held = { letGo, gone: locks.request(NAME, { mode: "shared" }, () => until).catch(() => {}) };
    },

    letGo() {
      if (!held) return;
      held.letGo();
      free = held.gone;
      held = null;
    },

    /** Work while no form is open in any tab, this one's own among them; else not at all. @param {() => Promise<any>} work */
    async alone(work) {
      await free; // ours may be on its way back still
      if (!locks) return work();
      return locks.request(NAME, { mode: "exclusive", ifAvailable: true }, (/** @type {any} */ lock) => (lock ? work() : undefined));
    },
  };
}
