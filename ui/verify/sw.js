// Keeps the verify page on this device, so that after one visit it opens without a network. It keeps nothing else and
// looks into nothing: the page itself keeps the newest list it believed, in a store of its own.
const PAGE = "fieldproof-page-%VERSION%-%INSTITUTION%";
const place = new URL(self.registration.scope).pathname;

async function keep() {
  const cache = await caches.open(PAGE);
  await cache.add(new Request(place, { cache: "reload", credentials: "omit" }));
}

async function dropOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("fieldproof-page-") && name !== PAGE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(dropOlder()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.mode !== "navigate" || origin !== self.location.origin || pathname.replace(/\/$/, "") !== place.replace(/\/$/, "")) return;
  event.respondWith(caches.match(place, { cacheName: PAGE }).then((kept) => kept ?? fetch(event.request)));
});
