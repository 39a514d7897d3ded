// The upload of an import: a file that is too large is told before it travels. The server checks it again.
(function () {
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-max-bytes]")) return;
    const file = input.files[0];
    const isTooLarge = file && file.size > Number(input.dataset.maxBytes);
    input.setCustomValidity(isTooLarge ? input.dataset.saysTooLarge : "");
    input.reportValidity();
  });
})();
