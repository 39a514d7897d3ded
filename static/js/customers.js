// The page of a customer: L starts to log what was done.
(function () {
  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "l" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const words = document.getElementById("log-content");
    if (!words || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    words.focus();
  });
})();
