// <select multiple> becomes a list of check boxes behind one line; the select stays in the form and is what is sent.
// data-plain leaves a select as it is. Texts come from the template data-pick-texts in base.html.
(function () {
  const SEARCH_FROM = 9; // fewer lines are seen at a glance
  let number = 0;

  function enhance(select) {
    if (select.dataset.picked || "plain" in select.dataset) return;
    select.dataset.picked = "yes";
    const texts = document.querySelector("[data-pick-texts]");
    const label = select.labels && select.labels[0] ? select.labels[0].textContent.trim() : select.name;
    const pick = document.createElement("details");
    pick.className = "menu pick";
    pick.dataset.menu = "";
    const summary = document.createElement("summary");
    summary.className = "form-select";
    const panel = document.createElement("div");
    panel.className = "menu-panel pick-panel";
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", label);
    const lines = [...select.options].map((option) => line(option, select));
    if (lines.length >= SEARCH_FROM) panel.append(finder(lines, texts ? texts.dataset.find : ""));
    panel.append(...lines);
    pick.append(summary, panel);
    const tell = () => {
      const chosen = [...select.selectedOptions].map((option) => option.text);
      summary.textContent = chosen.length ? chosen.join(", ") : texts ? texts.dataset.any : "";
      summary.setAttribute("aria-label", `${label}: ${summary.textContent}`);
      summary.classList.toggle("is-empty", !chosen.length);
    };
    select.addEventListener("change", tell);
    select.addEventListener("focus", () => summary.focus()); // its label was clicked, or an error links to it
    select.tabIndex = -1;
    select.classList.add("visually-hidden");
    select.setAttribute("aria-hidden", "true");
    select.after(pick);
    tell();
  }

  function line(option, select) {
    const label = document.createElement("label");
    label.className = "pick-line";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "form-check-input";
    box.checked = option.selected;
    box.id = `pick-${(number += 1)}`;
    const text = document.createElement("span");
    text.textContent = option.text;
    label.append(box, text);
    box.addEventListener("change", (event) => {
      event.stopPropagation(); // the select tells it, once
      option.selected = box.checked;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      select.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return label;
  }

  function finder(lines, words) {
    const input = document.createElement("input");
    input.type = "search";
    input.className = "form-control pick-find";
    input.placeholder = words;
    input.setAttribute("aria-label", words);
    input.addEventListener("input", (event) => {
      event.stopPropagation();
      const wanted = input.value.trim().toLowerCase();
      for (const one of lines) one.hidden = !one.textContent.toLowerCase().includes(wanted);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // would send the form
    });
    return input;
  }

  function attend(root) {
    if (root.matches && root.matches("select[multiple]")) enhance(root);
    for (const select of root.querySelectorAll("select[multiple]")) enhance(select);
  }
  attend(document);
  if (window.htmx) window.htmx.onLoad(attend);
})();
