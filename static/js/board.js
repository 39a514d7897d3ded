// The board: cards are dragged from stage to stage. The server says where a card stands afterwards, whatever came of it;
// when it cannot be asked, the card goes back. Everything that a drag does, the card's menu does too.
(function () {
  const board = document.querySelector("[data-board]");
  if (!board) return;

  if (board.hasAttribute("data-board-moves") && window.Sortable) {
    for (const list of board.querySelectorAll("[data-board-stage]")) {
      window.Sortable.create(list, {
        group: "cards",
        sort: false, // the order in a column is the server's
        draggable: ".board-card",
        filter: ".menu",
        preventOnFilter: false,
        animation: 120,
        delay: 250,
        delayOnTouchOnly: true, // a thumb scrolls, a held thumb drags
        touchStartThreshold: 5,
        ghostClass: "is-ghost",
        onStart: () => board.classList.add("is-dragging"),
        onEnd: (event) => {
          board.classList.remove("is-dragging");
          if (event.from !== event.to) send(event);
        },
      });
    }
  }

  function send(event) {
    const card = event.item;
    const back = () => {
      const place = event.from.querySelectorAll(".board-card")[event.oldDraggableIndex];
      event.from.insertBefore(card, place || event.from.querySelector(".board-more"));
    };
    card.setAttribute("aria-busy", "true");
    const answered = (answer) => {
      if (!answer.detail.successful && answer.detail.xhr.status !== 409) back();
      card.removeAttribute("aria-busy");
    };
    card.addEventListener("htmx:afterRequest", answered, { once: true });
    const asked = window.htmx.ajax("POST", `${card.dataset.card}move/`, {
      source: card,
      swap: "none",
      values: { stage: event.to.dataset.boardStage, seen: event.from.dataset.boardStage, board: board.dataset.board, drag: "1" },
    });
    asked.catch(() => {}); // toasts.js tells that the server could not be asked
  }

  // The panel of a card at the foot of a column comes into sight.
  document.addEventListener("htmx:afterSettle", (event) => {
    const menu = event.target.closest && event.target.closest(".board-menu[open]");
    if (menu) menu.querySelector(".menu-panel").scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();
