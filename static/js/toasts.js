// Toasts go by themselves (errors stay), wait while looked at, and tell when an htmx request failed.
(function () {
  const SHOWN = 6000;
  const SHOWN_WITH_UNDO = 12000;

  function attend(toast) {
    if (toast.dataset.seen) return;
    toast.dataset.seen = "yes";
    if ("stays" in toast.dataset) return;
    const time = toast.querySelector("form") ? SHOWN_WITH_UNDO : SHOWN;
    let timer = setTimeout(leave, time, toast);
    const wait = () => clearTimeout(timer);
    const goOn = () => {
      clearTimeout(timer);
      timer = setTimeout(leave, time, toast);
    };
    toast.addEventListener("pointerenter", wait);
    toast.addEventListener("focusin", wait);
    toast.addEventListener("pointerleave", goOn);
    toast.addEventListener("focusout", goOn);
  }

  function leave(toast) {
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), 250);
  }

  function tell(name) {
    const texts = document.querySelectorAll("template[data-client-text]");
    const found = [...texts].find((text) => text.dataset.clientText === name) || [...texts].find((text) => text.dataset.clientText === "error");
    const tray = document.getElementById("toasts");
    if (!found || !tray || tray.querySelector(`[data-told="${name}"]`)) return;
    const toast = found.content.firstElementChild.cloneNode(true);
    toast.dataset.told = name;
    tray.append(toast);
  }

  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-toast-close]");
    if (close) close.closest("[data-toast]").remove();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    tell(answer.getResponseHeader("X-Stale-Page") ? "stale" : String(answer.status));
  });
  document.addEventListener("htmx:sendError", () => tell("offline"));

  const tray = document.getElementById("toasts");
  if (!tray) return;
  tray.querySelectorAll("[data-toast]").forEach(attend);
  new MutationObserver(() => tray.querySelectorAll("[data-toast]").forEach(attend)).observe(tray, { childList: true, subtree: true });
})();
