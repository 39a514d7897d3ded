// Lists: select rows (with Shift a range), j/k walk, Enter opens, x selects; panels close; works again after htmx swaps.
(function () {
  let last = null;

  function formOf(element) {
    return element.closest("[data-list-form]");
  }

  function boxes(form) {
    return [...form.querySelectorAll("input[name=ids]")];
  }

  function show(form) {
    const all = boxes(form);
    const picked = all.filter((box) => box.checked);
    const number = form.querySelector("[data-list-picked]");
    const scope = form.querySelector("input[name=scope]");
    const head = form.querySelector("[data-list-all]");
    if (scope && picked.length < all.length) scope.checked = false;
    if (number) number.textContent = scope && scope.checked ? "" : String(picked.length);
    if (head) {
      head.checked = picked.length > 0 && picked.length === all.length;
      head.indeterminate = picked.length > 0 && picked.length < all.length;
    }
  }

  function pickRange(form, box) {
    const all = boxes(form);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    if (from < 0) return;
    for (const other of all.slice(from, to + 1)) other.checked = box.checked;
  }

  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-list-form] input[name=ids]")) {
      if (event.shiftKey && last) pickRange(formOf(event.target), event.target);
      last = event.target;
    }
    const chosen = event.target.closest(".list-tools details[data-menu] .menu-item");
    if (chosen) chosen.closest("details").open = false;
    const closer = event.target.closest("#list-panel [data-panel-closes]");
    if (closer) {
      event.preventDefault();
      document.getElementById("list-panel").replaceChildren();
    }
  });

  document.addEventListener("change", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    if (event.target.matches("[data-list-all]")) for (const box of boxes(form)) box.checked = event.target.checked;
    if (event.target.matches("input[name=scope]") && event.target.checked) for (const box of boxes(form)) box.checked = true;
    show(form);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT|SUMMARY)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1, event);
    else if (event.key === "x") pick(event);
  });

  function walk(step, event) {
    const rows = [...document.querySelectorAll("[data-list-row]")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
    const link = next.querySelector(".list-main a") || next.querySelector("a, input");
    if (!link) return;
    event.preventDefault();
    link.focus(); // Enter then opens it, as for every link
  }

  function pick(event) {
    const row = document.activeElement && document.activeElement.closest("[data-list-row]");
    const box = row && row.querySelector("input[name=ids]");
    if (!box || document.activeElement === box) return;
    event.preventDefault();
    box.checked = !box.checked;
    show(formOf(box));
  }

  // A table that fits keeps its head in sight; a wider one scrolls sideways.
  function fit() {
    for (const scroll of document.querySelectorAll(".list-scroll")) {
      scroll.classList.remove("is-fitting");
      scroll.classList.toggle("is-fitting", scroll.scrollWidth <= scroll.clientWidth);
    }
  }

  function attend(root) {
    fit();
    const opened = root.matches && root.matches(".list-panel") && root.querySelector("input:not([type=hidden]), select");
    if (opened) opened.focus();
    document.querySelectorAll("[data-list-form]").forEach(show);
  }
  document.querySelectorAll("[data-list-form]").forEach(show);
  fit();
  window.addEventListener("resize", fit);
  if (window.htmx) window.htmx.onLoad(attend);
})();
