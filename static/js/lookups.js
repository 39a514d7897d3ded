// Lookup fields: a suggestion is chosen by click, or by arrow keys and Enter; Escape and leaving close the suggestions.
(function () {
  function close(lookup) {
    lookup.querySelector("[data-lookup-hits]").replaceChildren();
    lookup.querySelector("[role=combobox]").setAttribute("aria-expanded", "false");
  }

  function choose(hit) {
    const lookup = hit.closest("[data-lookup]");
    const box = lookup.querySelector("[role=combobox]");
    box.value = hit.dataset.text;
    lookup.querySelector("[data-lookup-number]").value = hit.dataset.lookupHit;
    lookup.querySelector("[data-lookup-chosen]").value = hit.dataset.text;
    close(lookup);
    box.focus();
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-lookup-hit]");
    if (hit) return choose(hit);
    for (const lookup of document.querySelectorAll("[data-lookup]")) {
      if (!lookup.contains(event.target)) close(lookup);
    }
  });

  document.addEventListener("focusout", (event) => {
    const lookup = event.target.closest("[data-lookup]");
    if (lookup && event.relatedTarget && !lookup.contains(event.relatedTarget)) close(lookup);
  });

  document.addEventListener("keydown", (event) => {
    const lookup = event.target.closest("[data-lookup]");
    if (!lookup) return;
    const hits = [...lookup.querySelectorAll("[data-lookup-hit]")];
    if (event.key === "Escape" && hits.length) {
      event.stopPropagation();
      lookup.querySelector("[role=combobox]").focus();
      return close(lookup);
    }
    if (!hits.length || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    const stops = [lookup.querySelector("[role=combobox]"), ...hits];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) next.focus();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (!target.matches || !target.matches("[data-lookup-hits]")) return;
    const box = target.closest("[data-lookup]").querySelector("[role=combobox]");
    box.setAttribute("aria-expanded", String(target.childElementCount > 0));
  });
})();
