// Runs before the first paint: "as the device" needs the device's answer. Loaded without defer on purpose.
(function () {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    if (root.dataset.theme === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light";
  }
  root.classList.add("has-js");
  dark.addEventListener("change", apply);
  apply();
})();
