// Building the page's elements. Everything a person wrote becomes a text node, never HTML.

const SVG = "http://www.w3.org/2000/svg";

/** h("p", {class: "x", onclick: f, data: {side: "shop"}}, "text", node, null) */
export function h(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "data") Object.assign(node.dataset, value);
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export function thumb() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "sticker");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "👍");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", "/static/icon.svg#thumb");
  svg.append(use);
  return svg;
}

/** Only http(s) addresses are ever followed or framed. */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

export const icons = {
  close: "M6 6l12 12M18 6 6 18",
  next: "M9 5l7 7-7 7",
  previous: "M15 5l-7 7 7 7",
  sending: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  sent: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19M7.8 12.3l3 3 5.5-6",
  failed: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5v5.5M12 16.3v.2",
};
