// While something is being done for this page, its changing part is fetched again until the answer is there. Where the
// answer is another page (data-leads-on), that is opened.

const part = document.querySelector("[data-polled]");

async function look() {
  const open = part.contains(document.activeElement) && document.activeElement.matches("input, select");
  if (!document.hidden && !open) {
    const answer = await fetch(location.href, { headers: { "X-Fragment": "1", Accept: "text/html" } }).catch(() => null);
    if (answer?.ok && "leadsOn" in part.dataset) {
      const html = await answer.text();
      if (answer.redirected || !html.includes("data-waiting")) return location.replace(answer.url);
      part.innerHTML = html;
    } else if (answer?.ok && !answer.redirected) {
      const focused = document.activeElement?.id;
      part.innerHTML = await answer.text();
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
      if (!part.querySelector("[data-waiting]")) {
        document.querySelector("[data-announce]").textContent = document.querySelector("[data-announce]").dataset.text;
        return;
      }
    }
  }
  setTimeout(look, 1000);
}

if (part?.querySelector("[data-waiting]")) setTimeout(look, 700);
