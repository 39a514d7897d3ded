// [data-bell="/address/"]: asks once a minute for the number of unread notices while the page is looked at; slower after
// failures, never again once the person is signed out.
(function () {
  const MINUTE = 60000;
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  let wait = MINUTE;
  let asked = Date.now();
  let timer = 0;

  function plan() {
    clearTimeout(timer);
    timer = setTimeout(ask, wait + Math.random() * 5000);
  }

  async function ask() {
    if (document.hidden) return;
    asked = Date.now();
    try {
      const answer = await fetch(bell.dataset.bell, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return;
      if (!answer.ok) throw new Error(String(answer.status));
      bell.querySelector("[data-bell-number]").innerHTML = await answer.text();
      wait = MINUTE;
    } catch {
      wait = Math.min(wait * 2, 15 * MINUTE);
    }
    plan();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (Date.now() - asked > wait) ask();
    else plan();
  });
  plan();
})();
