// @ts-check
/** The page's side of the service worker: registers it, lets a newer one take over when no form is open, obeys the kill switch. */

const DIRTY = "namro-form-open";

/** @param {any} ctx @param {any} sync */
export async function startWorker(ctx, sync) {
  obeySwitch(ctx);
  if (!("serviceWorker" in navigator)) {
    ctx.worker = false;
    await ctx.refresh();
    return;
  }
  let registration;
  try {
    registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" });
  } catch (error) {
    console.info("no service worker", /** @type {any} */ (error)?.name);
    ctx.worker = Boolean(navigator.serviceWorker.controller);
    await ctx.refresh();
    return;
  }
  const hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", async () => {
    await obeySwitch(ctx); // switched off, the page that is open stays open: what waits on it can still be sent
    if (hadOne && !ctx.isDirty() && !ctx.switchedOff) location.reload();
  });
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data?.kind === "send") sync.request();
    if (event.data?.kind === "switched-off") { ctx.switchedOff = true; ctx.refresh(); }
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") registration.update().catch(() => {}); });
  holdWhileDirty(ctx);
  ctx.takeOverIfWaiting = () => {
    if (!registration.waiting || !hadOne) return false;
    takeOver(registration);
    return false; // drawing goes on; the new worker loads the page anew when it has taken over
  };
}

/** No other tab may have a form open either. @param {ServiceWorkerRegistration} registration */
async function takeOver(registration) {
  const locks = navigator.locks ? await navigator.locks.query() : { held: [] };
  if (locks.held?.some((lock) => lock.name === DIRTY)) return;
  registration.waiting?.postMessage({ kind: "take-over" });
}

/** Tell other tabs by a shared lock that a form is open here. @param {any} ctx */
function holdWhileDirty(ctx) {
  let release = /** @type {(() => void)|null} */ (null);
  document.addEventListener("input", () => {
    if (release || !navigator.locks || !ctx.isDirty()) return;
    navigator.locks.request(DIRTY, { mode: "shared" }, () => new Promise((done) => { release = () => done(null); }));
  });
  window.addEventListener("hashchange", () => setTimeout(() => { if (release && !ctx.isDirty()) { release(); release = null; } }, 0));
}

/** @param {any} ctx */
async function obeySwitch(ctx) {
  try {
    const answer = await fetch("/field/app-status.json", { cache: "no-store" });
    if (answer.ok && (await answer.json()).enabled === false) {
      ctx.switchedOff = true;
      await ctx.refresh();
    }
  } catch {
    // no line: nothing to obey
  }
}

/** A bonus: the browser wakes an open page when there is a line again. */
export function askForBackgroundSync() {
  navigator.serviceWorker?.ready.then((registration) => /** @type {any} */ (registration).sync?.register("namro-send")).catch(() => {});
}
