// <a href="#id" data-opens="id"> opens the dialog with that id; data-action and data-subject fill one dialog for
// many rows. [data-closes] and a click beside it close it. In the search dialog arrow keys walk the hits.
(function () {
  function open(dialog, opener) {
    const form = dialog.querySelector("form[method=post]");
    if (form && opener.dataset.action) form.action = opener.dataset.action;
    const subject = dialog.querySelector("[data-subject]");
    if (subject) subject.textContent = opener.dataset.subject || "";
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
    if (first) {
      first.focus();
      if (first.select) first.select();
    }
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog && dialog.showModal) {
      event.preventDefault();
      return open(dialog, opener);
    }
    const closer = event.target.closest("[data-closes]");
    if (closer && closer.closest("dialog[open]")) {
      event.preventDefault();
      return closer.closest("dialog").close();
    }
    if (event.target.matches("dialog[open]") && isBeside(event)) event.target.close();
  });

  function isBeside(event) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    return !inside && event.detail > 0; // Enter on a button also sends a click, without a place
  }

  document.addEventListener("keydown", (event) => {
    const dialog = event.target.closest("dialog[data-search]");
    if (!dialog || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const stops = [dialog.querySelector(".search-input"), ...dialog.querySelectorAll(".search-hit")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = stops[stops.indexOf(document.activeElement) + step];
    event.preventDefault();
    if (next) next.focus();
  });
})();
