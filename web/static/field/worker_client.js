// @ts-check
/** The page's side of the service worker: registers it, lets a newer one take over when no form is open, obeys the kill switch. */
import { createFormLock } from "./form_lock.js";

const PATIENCE_MS = 10_000; // a newer worker that has not taken over by then is asked again …
const AGAIN_MS = 15_000; // … at the next screen, or after that long
const ANSWER_MS = 5_000;

/**
 * @param {any} ctx @param {any} sync
 * @param {{container?: any, formLock?: ReturnType<typeof createFormLock>, reload?: () => void, patienceMs?: number, againMs?: number}} [parts] what tests put in the browser's place
 */
export async function startWorker(ctx, sync, parts = {}) {
  const { container = navigator.serviceWorker, formLock = createFormLock(), reload = () => location.reload(), patienceMs = PATIENCE_MS, againMs = AGAIN_MS } = parts;
  obeySwitch(ctx);
  if (!container) {
    ctx.worker = false;
    await ctx.refresh();
    return;
  }
  let registration;
  try {
    registration = await container.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" });
  } catch (error) {
    console.info("no service worker", /** @type {any} */ (error)?.name);
    ctx.worker = Boolean(container.controller);
    await ctx.refresh();
    return;
  }
  container.addEventListener("message", (/** @type {any} */ event) => {
    if (event.data?.kind === "send") sync.request();
    if (event.data?.kind === "switched-off") { ctx.switchedOff = true; ctx.refresh(); }
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") registration.update().catch(() => {}); });
  ctx.onBusy = (/** @type {boolean} */ busy) => (busy ? formLock.hold() : formLock.letGo());
  ctx.onBusy(ctx.isBusy());
  ctx.renew = renewal(ctx, registration, { container, formLock, reload, patienceMs, againMs });
}

/**
 * A newer version: its worker takes over between two screens, when no form is open in any tab, and every page is then loaded anew between two of its own.
 * @param {any} ctx @param {ServiceWorkerRegistration} registration @param {{container: any, formLock: ReturnType<typeof createFormLock>, reload: () => void, patienceMs: number, againMs: number}} parts
 * @returns {() => boolean} to be called when the person goes to another screen; true: the page is being loaded anew
 */
function renewal(ctx, registration, { container, formLock, reload, patienceMs, againMs }) {
  let controlled = Boolean(container.controller);
  let outdated = false;
  let asking = false;
  let again = /** @type {any} */ (0);

  const mayReload = () => outdated && !ctx.isBusy() && !ctx.switchedOff;

  container.addEventListener("controllerchange", async () => {
    const newer = controlled; // the very first worker brings what this page shows already
    controlled = true;
    await obeySwitch(ctx); // switched off, the page that is open stays open: what waits on it can still be sent
    outdated ||= newer;
    if (mayReload()) reload();
  });

  async function takeOver() {
    asking = true;
    try {
      await formLock.alone(async () => {
        const taken = within(patienceMs, (done) => container.addEventListener("controllerchange", done, { once: true }));
        registration.waiting?.postMessage({ kind: "take-over" });
        await taken;
      });
    } finally {
      asking = false;
    }
    again = setTimeout(ask, againMs);
  }

  function ask() {
    clearTimeout(again);
    if (!registration.waiting || asking) return;
    // What was just saved may still be on its way to the disk, and nobody may go to another screen after this one.
    if (ctx.isBusy()) again = setTimeout(ask, againMs);
    else takeOver().catch((error) => console.info(error));
  }

  return () => {
    if (mayReload()) {
      reload();
      return true;
    }
    ask();
    return false; // drawing goes on; when the newer worker has taken over, the page is loaded anew
  };
}

/** Wait for something, but not for ever. @param {number} ms @param {(done: () => void) => void} start @returns {Promise<void>} */
function within(ms, start) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    start(() => { clearTimeout(timer); done(); });
  });
}

/** @param {any} ctx */
async function obeySwitch(ctx) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWER_MS); // a line that carries nothing must not hold up a newer version
  try {
    const answer = await fetch("/field/app-status.json", { cache: "no-store", signal: patience.signal });
    if (answer.ok && (await answer.json()).enabled === false) {
      ctx.switchedOff = true;
      await ctx.refresh();
    }
  } catch {
    // no line: nothing to obey
  } finally {
    clearTimeout(timer);
  }
}

/** A bonus: the browser wakes an open page when there is a line again. */
export function askForBackgroundSync() {
  navigator.serviceWorker?.ready.then((registration) => /** @type {any} */ (registration).sync?.register("namro-send")).catch(() => {});
}
