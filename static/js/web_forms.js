// The builder of web forms: questions put in order by dragging, and texts to copy. All of it works without: places are
// numbers to type, texts can be marked.
(function () {
  function number(list) {
    const asked = [...list.querySelectorAll("[data-line]")].filter((line) => line.querySelector("select").value);
    asked.forEach((line, place) => (line.querySelector("[data-place]").value = place + 1));
  }

  function attend(root) {
    for (const list of root.querySelectorAll("[data-lines]")) {
      if (list.dataset.attended) continue;
      list.dataset.attended = "yes";
      list.addEventListener("change", (event) => {
        if (!event.target.matches("select")) return;
        const line = event.target.closest("[data-line]");
        const place = line.querySelector("[data-place]");
        line.classList.toggle("is-off", !event.target.value);
        if (!event.target.value) place.value = "";
        else if (!place.value) {
          const places = [...list.querySelectorAll("[data-place]")].map((input) => Number(input.value) || 0);
          place.value = Math.max(...places) + 1;
        }
      });
      if (!window.Sortable) continue;
      list.classList.add("is-sortable");
      window.Sortable.create(list, {
        handle: "[data-handle]",
        draggable: "[data-line]",
        animation: 120,
        ghostClass: "is-ghost",
        onEnd: () => {
          number(list);
          list.dispatchEvent(new Event("input", { bubbles: true }));
        },
      });
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copies);
    text.select();
    const done = () => (button.querySelector("span").textContent = button.dataset.copied);
    if (navigator.clipboard) navigator.clipboard.writeText(text.value).then(done, () => document.execCommand("copy") && done());
    else if (document.execCommand("copy")) done();
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-selects]")) event.target.select();
  });

  attend(document);
  if (window.htmx) window.htmx.onLoad(attend);
})();
