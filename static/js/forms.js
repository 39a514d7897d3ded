// Forms: one post per click, the summary of errors takes the focus, Ctrl-Enter saves, unsaved input is not lost unasked.
(function () {
  const changed = new WeakSet();
  let leavingByPost = false;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const byHtmx = form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]"); // htmx prevents the browser's own post
    if (!form.matches("form[data-once]") || (event.defaultPrevented && !byHtmx)) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    leavingByPost = !byHtmx;
    if (byHtmx) changed.delete(form);
    // After this event: a disabled button would not send its name and value.
    setTimeout(() => setDisabled(form, true));
  });

  function setDisabled(form, disabled) {
    for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) button.disabled = disabled;
  }

  function release(form) {
    delete form.dataset.sent;
    setDisabled(form, false);
  }

  // The back button brings a page as it was left; a file to download leaves the page where it is.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form[data-sent]");
    if (form) release(form);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.form");
    if (form) changed.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (leavingByPost) return;
    for (const form of document.querySelectorAll("form.form")) if (changed.has(form)) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form.form, dialog form");
    if (form) form.requestSubmit();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  function attend(root) {
    const summary = root.querySelector("[data-takes-focus]");
    if (summary) summary.focus();
    if (root.querySelector("[data-reloads]") || (root.matches && root.matches("[data-reloads]"))) location.reload();
  }
  attend(document);
  if (window.htmx) window.htmx.onLoad(attend);
})();
