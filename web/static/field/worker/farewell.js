/* Served while the app is switched off: takes the place of the former worker, erases what it kept, and goes. Nothing recorded is touched. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    await self.registration.unregister();
    for (const client of await self.clients.matchAll()) client.postMessage({ kind: "switched-off" });
  })());
});
