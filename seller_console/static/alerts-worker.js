// Shows notifications where only a worker may (Android). It keeps nothing and answers no requests.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data, location.origin).href;
  event.waitUntil((async () => {
    const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const here = tabs.find((tab) => tab.url === address);
    return here ? here.focus() : self.clients.openWindow(address);
  })());
});
