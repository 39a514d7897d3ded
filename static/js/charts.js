// Draws <canvas data-chart="id of the JSON" data-chart-kind="funnel|pareto">; colours come from the page, in both themes.
// [data-prints] prints the page.
(function () {
  const drawn = new Map();

  function tone(name) {
    const probe = document.createElement("span");
    probe.className = name;
    document.body.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  }

  function faded(colour, share) {
    const parts = colour.match(/[\d.]+/g).slice(0, 3);
    return `rgba(${parts.join(",")},${share})`;
  }

  function base() {
    const text = tone("text-secondary");
    const grid = faded(text, 0.15);
    const axis = { ticks: { color: text }, grid: { color: grid }, border: { display: false } };
    return { text, axis };
  }

  function funnel(data) {
    const { axis, text } = base();
    const colour = tone("text-accent");
    const sets = data.datasets.map((set) => ({ label: set.label, data: set.data, backgroundColor: faded(colour, 0.7), borderRadius: 4, barPercentage: 0.85, categoryPercentage: 0.95 }));
    return {
      type: "bar",
      data: { labels: data.labels, datasets: sets },
      options: {
        indexAxis: "y",
        plugins: { legend: { display: false } },
        scales: { x: { ...axis, beginAtZero: true, ticks: { color: text, precision: 0 } }, y: { ...axis, grid: { display: false } } },
      },
    };
  }

  function pareto(data) {
    const { axis, text } = base();
    const [value, share] = data.datasets;
    const bar = tone("text-accent");
    const line = tone("text-warn");
    return {
      type: "bar",
      data: {
        labels: data.labels,
        datasets: [
          { label: value.label, data: value.data, backgroundColor: faded(bar, 0.7), borderRadius: 4, order: 2 },
          { label: share.label, data: share.data, type: "line", yAxisID: "share", borderColor: line, backgroundColor: line, pointRadius: 2, order: 1 },
        ],
      },
      options: {
        plugins: { legend: { labels: { color: text } } },
        scales: {
          x: { ...axis, grid: { display: false } },
          y: { ...axis, beginAtZero: true },
          share: { ...axis, position: "right", min: 0, max: 100, grid: { display: false } },
        },
      },
    };
  }

  const kinds = { funnel, pareto };

  function draw(canvas) {
    const data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
    if (!data.labels.length) return;
    const config = kinds[canvas.dataset.chartKind](data);
    config.options = { ...config.options, responsive: true, maintainAspectRatio: false, animation: false };
    drawn.get(canvas)?.destroy();
    drawn.set(canvas, new window.Chart(canvas, config));
  }

  function drawAll() {
    for (const [canvas, chart] of drawn) {
      if (!canvas.isConnected) {
        chart.destroy();
        drawn.delete(canvas);
      }
    }
    for (const canvas of document.querySelectorAll("canvas[data-chart]")) if (!drawn.has(canvas)) draw(canvas);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-prints]")) window.print();
  });
  window.addEventListener("beforeprint", () => drawn.forEach((chart) => chart.resize(680, 300)));
  window.addEventListener("afterprint", () => drawn.forEach((chart) => chart.resize()));
  window.htmx.onLoad(drawAll);
  new MutationObserver(() => {
    for (const canvas of drawn.keys()) draw(canvas);
  }).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
