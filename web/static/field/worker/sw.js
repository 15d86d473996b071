/* The service worker: keeps the shell, answers for it without a line, touches nothing personal. `KEPT` is written above by the server. */
"use strict";

const CACHE = `namro-app-${KEPT.shell}`;
const SHELL = "/field/app";
const STATUS = "/field/app-status.json";
const ANSWER_MS = 5_000;

self.addEventListener("install", (event) => {
  // Not skipWaiting: somebody may be filling in a form. The page asks for it when none is open.
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([new Request(SHELL, { cache: "no-cache" }), ...KEPT.files])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetFormer().then(() => self.clients.claim()));
});

async function forgetFormer() {
  const names = (await caches.keys()).filter((name) => name.startsWith("namro-app-") && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === SHELL) {
    event.respondWith(kept(SHELL, event.request));
    event.waitUntil(obeySwitch());
  } else if (url.pathname.startsWith("/static/field/")) {
    event.respondWith(kept(url.pathname, event.request));
  }
});

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) || fetch(request);
}

/* The kill switch: what could go wrong here must be curable from the server. */
async function obeySwitch() {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), ANSWER_MS); // while this worker waits, no newer one can take its place
  try {
    const answer = await fetch(STATUS, { cache: "no-store", signal: patience.signal });
    if (answer.ok && (await answer.json()).enabled === false) await farewell();
  } catch {
    // no line: nothing to obey
  }
}

async function farewell() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
  for (const client of await self.clients.matchAll()) client.postMessage({ kind: "switched-off" });
}

self.addEventListener("message", (event) => {
  if (event.data?.kind === "take-over") event.waitUntil(self.skipWaiting()); // a worker may be stopped as soon as it seems to have nothing to do
});

/* A bonus where the browser has it: wake a page that is open but asleep. */
self.addEventListener("sync", (event) => {
  if (event.tag === "namro-send") {
    event.waitUntil(self.clients.matchAll().then((clients) => clients.forEach((client) => client.postMessage({ kind: "send" }))));
  }
});

/* A notice wakes the phone: one short line that names nobody. What it is about is read on the page it leads to. */
self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    // not ours to read: say at least that there is something
  }
  event.waitUntil(self.registration.showNotification(told.title || "Năm Rõ", {
    body: told.body || "Có thông báo mới.", tag: told.tag, lang: "vi", data: { url: told.url },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const given = String(event.notification.data?.url ?? "");
  event.waitUntil(openOnce(/^\/notices\/\d+$/.test(given) ? given : "/notices"));
});

/* A page of ours that shows notices already is led on; the app with a form open is left alone. */
async function openOnce(address) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = pages.find((page) => new URL(page.url).pathname.startsWith("/notices"));
  if (shown) {
    await shown.focus();
    return shown.navigate(address).catch(() => self.clients.openWindow(address));
  }
  return self.clients.openWindow(address);
}
