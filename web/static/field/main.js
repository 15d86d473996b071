// @ts-check
/** The start: opens the store, shows the screen of the address, keeps the server up to date. */
import { call } from "./api.js";
import { createContext } from "./context.js";
import { drawFrame } from "./frame.js";
import { current, everyone } from "./people.js";
import { matching } from "./router.js";
import { openStore, recall } from "./store.js";
import { createSync } from "./sync.js";
import { useLanguage } from "./words.js";
import { startWorker } from "./worker_client.js";
import { availabilityView, declineView } from "./views/availability.js";
import { doorView } from "./views/door.js";
import { factsView, foundView } from "./views/found.js";
import { mineView } from "./views/mine.js";
import { outboxView } from "./views/outbox.js";
import { enterView, peopleView } from "./views/people.js";
import { photosView } from "./views/photos.js";
import { settingsView } from "./views/settings.js";
import { sketchView } from "./views/sketch.js";
import { noStore } from "./views/states.js";
import { visitView } from "./views/visit.js";
import { weekView } from "./views/week.js";

/** @typedef {import("./context.js").Context} Context */

const ROUTES = /** @type {[RegExp, any][]} */ ([
  [/^\/week$/, weekView],
  [/^\/visit\/([^/]+)$/, visitView],
  [/^\/door\/([^/]+)\/([a-z_]+)(?:\?corrects=(.+))?$/, doorView],
  [/^\/found\/([^/]+)(?:\/([^/]+))?$/, foundView],
  [/^\/facts\/([^/]+)\/(\d+)$/, factsView],
  [/^\/sketch\/(\d+)$/, sketchView],
  [/^\/photos\/(\d+)$/, photosView],
  [/^\/availability(?:\/([\d-]+))?$/, availabilityView],
  [/^\/decline\/(\d+)$/, declineView],
  [/^\/mine$/, mineView],
  [/^\/outbox$/, outboxView],
  [/^\/people$/, peopleView],
  [/^\/enter\/(\d+)$/, enterView],
  [/^\/settings$/, settingsView],
]);

async function start() {
  const root = /** @type {HTMLElement} */ (document.getElementById("app"));
  let db;
  try {
    db = await openStore({ onOutdated: () => location.reload() });
  } catch (error) {
    console.warn(error);
    document.getElementById("main")?.replaceChildren(noStore());
    return;
  }
  const person = await current(db);
  await useLanguage((await recall(db, "language")) ?? person?.language ?? "vi");
  const ctx = createContext(db, root, { matching: (hash) => matching(hash, ROUTES), drawFrame });
  const sync = createSync({ db, call, onStatus: () => ctx.statusChanged(), onData: () => ctx.changed() });
  ctx.attach(sync);
  ctx.status.clock_ms = await recall(db, "clock_ms", 0);
  await sync.eraseExpired();
  await ctx.refresh({ quiet: true });
  await ctx.show();
  document.documentElement.dataset.ready = "yes";
  listen(ctx, sync);
  sync.request({ all: true, pull: true });
  await startWorker(ctx, sync);
  if (navigator.storage?.persist && (await everyone(db)).length) ctx.persisted = (await navigator.storage.persisted()) || (await navigator.storage.persist());
}

/** @param {Context} ctx @param {ReturnType<typeof createSync>} sync */
function listen(ctx, sync) {
  window.addEventListener("hashchange", () => ctx.moved());
  window.addEventListener("online", () => sync.request({ pull: true }));
  window.addEventListener("offline", () => { Object.assign(sync.status, { line: false }); ctx.statusChanged(); });
  document.addEventListener("visibilitychange", () => {
    // Leaving: second thoughts are over. Coming back: is there news?
    sync.request({ all: document.visibilityState === "hidden" });
    ctx.visibilityChanged();
  });
  window.addEventListener("beforeunload", (event) => { if (ctx.isDirty()) event.preventDefault(); });
  window.addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); ctx.installable = /** @type {any} */ (event); });
  window.addEventListener("unhandledrejection", (event) => ctx.storageTrouble(null, false, event.reason));
  setInterval(() => { sync.eraseExpired().then(() => ctx.refresh()); }, 600_000);
}

start();
