// The frame: folding navigation, the phone's drawer, menus, shortcuts, the line that tells that work is under way.
(function () {
  const root = document.documentElement;

  function foldNavigation(button) {
    const narrow = root.dataset.nav !== "narrow";
    if (narrow) root.dataset.nav = "narrow";
    else delete root.dataset.nav;
    button.setAttribute("aria-pressed", String(narrow));
    // The server prints the same width on the next page, so that nothing jumps.
    document.cookie = `nav=${narrow ? "narrow" : "wide"}; path=/; max-age=31536000; samesite=lax`;
  }

  function openDrawer(opener) {
    const side = document.getElementById("side-nav");
    side.classList.add("is-open");
    side.opener = opener;
    setBehind(true);
    side.querySelector(".side-link, .side-brand").focus();
  }

  // What lies under the drawer takes neither clicks nor the tab key.
  function setBehind(inert) {
    for (const part of document.querySelectorAll(".shell-main, .phone-nav")) part.inert = inert;
  }

  function closeDrawer() {
    const side = document.getElementById("side-nav");
    if (!side || !side.classList.contains("is-open")) return;
    side.classList.remove("is-open");
    setBehind(false);
    if (side.opener) side.opener.focus();
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-nav-fold]");
    if (fold) return foldNavigation(fold);
    const open = event.target.closest("[data-nav-open]");
    if (open) {
      event.preventDefault();
      return openDrawer(open);
    }
    if (event.target.closest("[data-nav-close]")) {
      event.preventDefault();
      if (location.hash === "#side-nav") history.replaceState(null, "", location.pathname + location.search);
      return closeDrawer();
    }
    closeMenus(event.target.closest("details[data-menu]"));
    if (event.target.closest(".menu-item[data-opens]")) closeMenus(null);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest("details[data-menu][open]");
      if (menu) menu.querySelector("summary").focus();
      closeMenus(null);
      return closeDrawer();
    }
    const inMenu = event.target.closest("details[data-menu][open]");
    if (inMenu && (event.key === "ArrowDown" || event.key === "ArrowUp")) return walkMenu(inMenu, event);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return openByKey("search", event);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/") openByKey("search", event);
    else if (event.key === "?") openByKey("keys", event);
    else openMenuByKey(event);
  });

  function openByKey(id, event) {
    const opener = document.querySelector(`[data-opens="${id}"]`);
    if (!opener) return;
    event.preventDefault();
    opener.click();
  }

  function openMenuByKey(event) {
    const menu = document.querySelector(`details[data-menu][data-key="${CSS.escape(event.key)}"]`);
    if (!menu) return;
    event.preventDefault();
    menu.open = true;
    const first = menu.querySelector(".menu-item");
    if (first) first.focus();
  }

  function walkMenu(menu, event) {
    const items = [...menu.querySelectorAll(".menu-item, .menu-panel .btn")];
    if (!items.length) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length) % items.length].focus();
  }

  // The line appears only when an answer takes longer than 150 ms: quick ones must not flicker.
  let underway = 0;
  let timer = 0;
  const busy = document.getElementById("busy");
  function showBusy() {
    if (!busy) return;
    clearTimeout(timer);
    if (underway > 0) {
      timer = setTimeout(() => {
        busy.classList.add("is-on");
        busy.textContent = busy.dataset.says;
      }, 150);
    } else {
      busy.classList.remove("is-on");
      busy.textContent = "";
    }
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    underway += 1;
    if (event.detail.target) event.detail.target.setAttribute("aria-busy", "true");
    showBusy();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    underway = Math.max(0, underway - 1);
    if (event.detail.target) event.detail.target.removeAttribute("aria-busy");
    showBusy();
  });

  for (const button of document.querySelectorAll("[data-nav-fold]")) button.hidden = false;
})();
