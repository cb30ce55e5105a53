// Where the customer writes: text, photos, the thumb.

const at = (id) => document.getElementById(id);

export function setUpComposer(post) {
  const field = at("text");

  function fit() {
    const written = field.value.trim() !== "";
    at("send").hidden = !written;
    at("like").hidden = written;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 120)}px`;
  }

  async function send() {
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    fit();
    field.focus();
    try {
      await post("text", {text});
    } catch {
      field.value = text + field.value; // nothing typed is lost
      fit();
    }
  }

  at("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  field.addEventListener("input", fit);
  field.addEventListener("keydown", (event) => {
    // Thai and other input methods end a word with Enter as well.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
  at("like").addEventListener("click", () => post("sticker"));
  at("photos").addEventListener("change", async () => {
    const form = new FormData();
    for (const file of at("photos").files) form.append("photo", file);
    at("photos").value = "";
    await post("photos", form);
  });
}
