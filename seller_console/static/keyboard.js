// Which key was pressed, whatever the keyboard's layout.

/** On a layout that is not Latin a key is told by its place: C is "แ" on a Thai keyboard. */
const PLACES = { Minus: "-", Equal: "=", Slash: "/" };
const SHIFTED = { "=": "+", "/": "?" };

/** The key as the Latin layout names it, in lower case. */
export function keyOf({ key = "", code = "", shiftKey }) {
  if (!/^[^\x00-\x7f]$/u.test(key)) return key.toLowerCase();
  const [, latin] = code.match(/^(?:Key|Digit|Numpad)(.)$/) ?? [];
  const place = latin?.toLowerCase() ?? PLACES[code] ?? "";
  return (shiftKey && SHIFTED[place]) || place;
}
