// A list put in order by dragging: its rows' numbers are written into the form that data-reorder names, and sent.
// Without JavaScript, and by keyboard, the buttons of each row do the same.
(function () {
  function attend(root) {
    if (!window.Sortable) return;
    for (const list of root.querySelectorAll("[data-reorder]")) {
      if (list.dataset.attended) continue;
      list.dataset.attended = "yes";
      list.classList.add("is-sortable");
      window.Sortable.create(list, {
        handle: ".reorder-handle",
        draggable: "[data-row]",
        animation: 120,
        ghostClass: "is-ghost",
        onEnd: (event) => {
          if (event.oldDraggableIndex === event.newDraggableIndex) return;
          const form = document.getElementById(list.dataset.reorder);
          form.elements.order.value = [...list.querySelectorAll("[data-row]")].map((row) => row.dataset.row).join(",");
          form.requestSubmit();
        },
      });
    }
  }
  attend(document);
  if (window.htmx) window.htmx.onLoad(attend);
})();
