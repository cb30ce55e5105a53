// The event stream of this page. A hidden tab lets its connection go (browsers allow six per host, and people open
// many tabs) and catches up from the last message when it is looked at again.

export function listen(address, handlers, onState = () => {}) {
  let source = null;
  let last = 0;

  function open() {
    if (source) return;
    source = new EventSource(`${address}?after=${last}`);
    for (const [kind, handle] of Object.entries(handlers)) {
      source.addEventListener(kind, (event) => {
        if (event.lastEventId) last = Math.max(last, Number(event.lastEventId));
        handle(JSON.parse(event.data));
      });
    }
    source.onopen = () => onState(true);
    source.onerror = () => {
      onState(false);
      if (source?.readyState === EventSource.CLOSED) { close(); setTimeout(open, 1500); }
    };
  }

  function close() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
