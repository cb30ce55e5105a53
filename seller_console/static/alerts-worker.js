// Shows notifications where only a worker may (Android), and those that come while no page of the console is open. It
// keeps nothing and answers no requests.

self.addEventListener("install", () => self.skipWaiting());

// One after the other: Chromium, asked what it shows, forgets what it is about to show.
let before = Promise.resolve();
self.addEventListener("push", (event) => {
  before = before.catch(() => {}).then(() => tell(event.data.json()));
  event.waitUntil(before);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data, location.origin).href;
  event.waitUntil((async () => {
    const here = (await tabs()).find((tab) => tab.url === address);
    return here ? here.focus() : self.clients.openWindow(address);
  })());
});

const tabs = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

/** A browser stops those who are told something and show nothing: before the seller's eyes it is taken away at once. */
async function tell({ title, body, tag, address }) {
  const seen = tag !== "test" && (await tabs()).some((tab) => tab.focused);
  const icon = "/static/push/icon-192.png";
  await self.registration.showNotification(title, { body, tag, icon, data: address, silent: seen });
  if (!seen) return;
  for (const one of await self.registration.getNotifications({ tag })) one.close();
}
