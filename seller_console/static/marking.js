// Marks what is named in a message by tapping its words: the first, the last, then what they are; a mark is taken off
// by tapping it. The text field of the form stays the truth: it is read from there and written back.

const MARK = /\[([^[\]]+)\]\(([^()[\]]*)\)/gu;
/** "2ตัว" and "M1" are two words each to those who mark. */
const PIECES = /\s+|\p{Nd}+|(?:\p{Script=Latin}\p{M}*)+|[^\s\p{Nd}\p{Script=Latin}]+/gu;

/** The line as words: `{ text, mark }`, words of one mark sharing one object `{ kind }`. */
function read(line) {
  const cut = new Intl.Segmenter("th", { granularity: "word" });
  const words = [];
  const add = (text, mark) => {
    for (const { segment } of cut.segment(text)) {
      for (const [piece] of segment.matchAll(PIECES)) words.push({ text: piece, mark });
    }
  };
  let done = 0;
  for (const found of line.matchAll(MARK)) {
    add(line.slice(done, found.index), null);
    add(found[1], { kind: found[2] });
    done = found.index + found[0].length;
  }
  add(line.slice(done), null);
  return words;
}

/** Words that follow each other and have the same mark, together. */
function groups(words) {
  const found = [];
  words.forEach((word, place) => {
    const last = found.at(-1);
    if (last && word.mark && last.mark === word.mark) last.places.push(place);
    else found.push({ mark: word.mark, places: [place] });
  });
  return found;
}

function written(words) {
  return groups(words).map(({ mark, places }) => {
    const text = places.map((place) => words[place].text).join("");
    return mark ? `[${text}](${mark.kind})` : text;
  }).join("");
}

/** Show the words of the form's message to be tapped; the text field folds away. */
export function letTap(form) {
  if (!Intl.Segmenter) return;
  const field = form.elements.text;
  const shown = form.querySelector("[data-words]");
  const hint = form.querySelector("[data-hint]");
  const kinds = [...form.querySelectorAll("[data-kind]")];
  const called = Object.fromEntries(kinds.map((kind) => [kind.value, kind.textContent]));
  let words = [];
  let first = -1;
  let last = -1;

  const button = (className, text) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.append(text);
    return made;
  };

  function drawMark({ mark, places }) {
    const text = places.map((place) => words[place].text).join("");
    const made = button("marked", text);
    const kind = document.createElement("small");
    kind.textContent = `${called[mark.kind] ?? mark.kind} ×`;
    made.append(kind);
    made.setAttribute("aria-label", `${shown.dataset.remove} ${text} (${called[mark.kind] ?? mark.kind})`);
    made.addEventListener("click", () => {
      for (const place of places) words[place].mark = null;
      changed(places[0]);
    });
    return made;
  }

  function drawWord(place) {
    const { text } = words[place];
    if (!text.trim()) return text;
    const made = button("word", text);
    made.setAttribute("aria-pressed", String(first <= place && place <= last));
    made.addEventListener("click", () => {
      if (first < 0 || first !== last) first = last = place;
      else if (place === first) first = last = -1;
      else [first, last] = [Math.min(first, place), Math.max(first, place)];
      draw(place);
    });
    return made;
  }

  /** Draw it all; the focus goes to the word at `focused`. */
  function draw(focused = -1) {
    const drawn = groups(words).map((group) => {
      const one = group.mark ? drawMark(group) : drawWord(group.places[0]);
      if (group.places.includes(focused)) setTimeout(() => one.focus?.({ preventScroll: true }));
      return one;
    });
    shown.replaceChildren(...drawn);
    const chosen = first >= 0;
    for (const kind of kinds) kind.disabled = !chosen;
    hint.textContent = chosen ? hint.dataset.then : hint.dataset.first;
  }

  function changed(focused) {
    first = last = -1;
    field.value = written(words);
    draw(focused);
  }

  for (const kind of kinds) {
    kind.addEventListener("click", () => {
      const chosen = words.slice(first, last + 1);
      const covered = new Set(chosen.map((word) => word.mark).filter(Boolean));
      for (const word of words) if (covered.has(word.mark)) word.mark = null;
      const mark = { kind: kind.value };
      for (const word of chosen) word.mark = mark;
      changed(first);
    });
  }
  field.addEventListener("input", () => {
    words = read(field.value);
    first = last = -1;
    draw();
  });

  words = read(field.value);
  draw();
  form.querySelector("[data-tap]").hidden = false;
  form.querySelector("details[data-fold]")?.removeAttribute("open");
}
