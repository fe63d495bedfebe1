"use strict";
// Shows a chart's values where a reader points or steps, zooms charts of time together, and finds
// what is looked for in a long list. It holds no data, reads what the page says, and writes text alone.
(() => {
  const NS = "http://www.w3.org/2000/svg", LEAST_SHOWN = 4, DRAGGED_PX = 8;
  const STEPS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000];
  const between = (low, value, high) => Math.min(Math.max(value, low), high);
  const drawn = (name, kind) => {
    const made = document.createElementNS(NS, name);
    made.setAttribute("class", kind);
    return made;
  };

  class Chart {
    constructor(figure) {
      this.places = figure.dataset.places.split(" ").map(Number);
      this.names = figure.dataset.names.split("|");
      this.span = figure.dataset.span ? figure.dataset.span.split(" ").map(Number) : null;
      this.drawing = figure.querySelector(".drawing");
      this.place = figure.querySelector(".place");
      this.series = [...figure.querySelectorAll("[data-values]")].map(each => ({
        label: each.querySelector(".label").textContent,
        values: each.dataset.values.split("|"),
        shown: each.querySelector(".value"),
      }));
      this.field = this.drawing.querySelector(".field");
      this.frame = this.drawing.querySelector(".background");
      this.box = this.field.viewBox.baseVal;
      this.width = this.box.width;
      this.axis = this.drawing.querySelector(".role-axis-tick").parentNode;
      this.ticks = ["tick", "label"].map(kind => this.axis.querySelector(`.role-axis-${kind}`));
      this.unzoomed = this.ticks.map(group => [...group.children]);
      this.hair = this.field.parentNode.appendChild(drawn("path", "hair"));
      this.chosen = this.field.parentNode.appendChild(drawn("path", "chosen"));
      const said = this.drawing;
      said.setAttribute("role", "slider");
      said.setAttribute("tabindex", "0");
      said.setAttribute("aria-valuemin", "0");
      said.setAttribute("aria-valuemax", String(this.places.length - 1));
      this.say(0);
    }
    say(index) {
      const words = this.series.map(each => `${each.label} ${each.values[index]}`).join(", ");
      this.drawing.setAttribute("aria-valuenow", String(index));
      this.drawing.setAttribute("aria-valuetext", `${this.names[index]}: ${words}`);
    }
    nearest(share) {
      let best = 0;
      this.places.forEach((place, index) => {
        if (Math.abs(place - share) < Math.abs(this.places[best] - share)) best = index;
      });
      return best;
    }
    show(share, view) {
      const index = share === null ? null : this.nearest(share);
      this.place.textContent = index === null ? "" : this.names[index];
      for (const each of this.series) each.shown.textContent = index === null ? "" : each.values[index];
      const at = index === null ? -1 : (this.places[index] - view.from) / (view.to - view.from);
      this.hair.setAttribute("d", at < 0 || at > 1 ? "" : `M${at * this.width},0v${this.box.height - 6}`);
      if (index !== null) this.say(index);
    }
    mark(low, high, view) {
      const [a, b] = [low, high].map(each => (each - view.from) / (view.to - view.from) * this.width);
      this.chosen.setAttribute("d", low === high ? "" : `M${a},0H${b}V${this.box.height - 6}H${a}Z`);
    }
    zoom(view) {
      const px = share => Math.round(share * this.width * 100) / 100;
      this.field.setAttribute("viewBox",
        [px(view.from), this.box.y, px(view.to - view.from), this.box.height].join(" "));
      const whole = view.from === 0 && view.to === 1;
      this.ticks.forEach((group, kind) =>
        group.replaceChildren(...(whole ? this.unzoomed[kind] : this.between(view, this.unzoomed[kind][0], kind))));
    }
    between(view, like, isLabel) {
      const [first, last] = this.span, second = share => first + share * (last - first);
      const low = second(view.from), high = second(view.to);
      const step = STEPS_S.find(each => (high - low) / each <= 6) || STEPS_S.at(-1);
      const made = [];
      for (let s = Math.ceil(low / step - 1e-6) * step; s <= high + step * 1e-6; s += step) {
        const tick = like.cloneNode(true), x = (s - low) / (high - low) * this.width;
        tick.setAttribute("transform", `translate(${x},${isLabel ? 16 : 0})`);
        if (isLabel) { tick.setAttribute("text-anchor", "middle"); tick.textContent = String(s); }
        made.push(tick);
      }
      return made;
    }
  }

  class View {
    constructor(charts, bar) {
      Object.assign(this, { charts, bar, from: 0, to: 1, at: null, start: null });
      for (const chart of charts) this.listen(chart);
      if (!bar) return;
      bar.hidden = false;
      this.range = bar.querySelector("[role=status]");
      const [nearer, farther, all] = bar.querySelectorAll("button");
      nearer.addEventListener("click", () => this.scale(0.5));
      farther.addEventListener("click", () => this.scale(2));
      all.addEventListener("click", () => this.zoom(0, 1));
    }
    show(share) {
      this.at = share;
      for (const chart of this.charts) chart.show(share, this);
    }
    zoom(from, to) {
      if (!this.bar) return;
      const least = Math.min(1, LEAST_SHOWN / this.charts[0].places.length);
      const width = between(least, to - from, 1), low = between(0, (from + to - width) / 2, 1 - width);
      Object.assign(this, { from: low, to: width === 1 ? 1 : low + width });
      for (const chart of this.charts) chart.zoom(this);
      this.show(this.at);
      const [first, last] = this.charts[0].span, told = share => Math.round(first + share * (last - first));
      this.range.textContent = width === 1 ? "" : `seconds ${told(this.from)} to ${told(this.to)}`;
    }
    scale(ratio) {
      const middle = this.at === null ? (this.from + this.to) / 2 : this.at;
      const half = (this.to - this.from) * ratio / 2;
      this.zoom(middle - half, middle + half);
    }
    share(chart, event) {
      const box = chart.frame.getBoundingClientRect();
      return this.from + between(0, (event.clientX - box.left) / box.width, 1) * (this.to - this.from);
    }
    step(chart, by) {
      const now = this.at === null ? (by > 0 ? -1 : chart.places.length) : chart.nearest(this.at);
      const at = chart.places[between(0, now + by, chart.places.length - 1)];
      const width = this.to - this.from;
      if (at < this.from || at > this.to) this.zoom(at - width / 2, at + width / 2);
      this.show(at);
    }
    key(chart, event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const act = {
        ArrowRight: () => this.step(chart, 1), ArrowUp: () => this.step(chart, 1),
        ArrowLeft: () => this.step(chart, -1), ArrowDown: () => this.step(chart, -1),
        PageUp: () => this.step(chart, 10), PageDown: () => this.step(chart, -10),
        Home: () => this.step(chart, -Infinity), End: () => this.step(chart, Infinity),
        "+": () => this.scale(0.5), "=": () => this.scale(0.5), "-": () => this.scale(2),
        "0": () => this.zoom(0, 1), Escape: () => this.zoom(0, 1),
      }[event.key];
      if (act) { act(); event.preventDefault(); }
    }
    listen(chart) {
      const on = (name, what) => chart.drawing.addEventListener(name, what);
      on("keydown", event => this.key(chart, event));
      on("pointerdown", event => {
        if (event.button) return;
        this.start = { share: this.share(chart, event), x: event.clientX };
        chart.drawing.setPointerCapture(event.pointerId);
      });
      on("pointermove", event => {
        const share = this.share(chart, event);
        this.show(share);
        if (this.start && this.bar) chart.mark(this.start.share, share, this);
      });
      on("pointerup", event => this.release(chart, event));
      on("pointercancel", () => { this.start = null; chart.mark(0, 0, this); });
      on("pointerleave", () => { if (!this.start && document.activeElement !== chart.drawing) this.show(null); });
      on("blur", () => this.show(null));
      on("dblclick", () => this.zoom(0, 1));
    }
    release(chart, event) {
      const { start } = this, share = this.share(chart, event);
      this.start = null;
      chart.mark(0, 0, this);
      if (start && this.bar && Math.abs(event.clientX - start.x) > DRAGGED_PX)
        this.zoom(Math.min(start.share, share), Math.max(start.share, share));
      this.show(share);
    }
  }

  // A search field and the list that it stands in; groups without a hit are hidden, others opened.
  const search = field => {
    const list = field.closest(".catalogue, .trace"), told = field.querySelector("[role=status]");
    const rows = [...list.querySelectorAll(".row, :scope > ul > li")];
    const texts = rows.map(row => row.textContent.toLowerCase());
    const groups = [...list.querySelectorAll(".group")];
    field.hidden = false;
    field.querySelector("input").addEventListener("input", event => {
      const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      rows.forEach((row, index) => {
        const hit = words.every(word => texts[index].includes(word));
        row.classList.toggle("unfound", !hit);
        found += hit;
      });
      for (const group of groups) {
        const hit = group.querySelector(".row:not(.unfound)") !== null;
        group.classList.toggle("unfound", words.length > 0 && !hit);
        group.open = words.length > 0 && hit;
      }
      told.textContent = words.length ? `${found} of ${rows.length}` : "";
    });
  };
  document.querySelectorAll(".search").forEach(search);

  const charts = [...document.querySelectorAll("figure[data-places]")].map(figure => new Chart(figure));
  const ofTime = charts.filter(chart => chart.span);
  if (ofTime.length) new View(ofTime, document.querySelector(".zoom"));
  for (const chart of charts) if (!chart.span) new View([chart], null);
})();
