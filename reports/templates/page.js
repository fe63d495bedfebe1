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

  // The vertical axis of a chart: what its drawing's heights mean, read from the ticks that it has.
  class Scale {
    constructor(drawing, field) {
      const axes = [...drawing.querySelectorAll(".role-axis")];
      const found = kind => axes.map(axis => axis.querySelector(`.role-axis-${kind}`)).filter(Boolean);
      const height = each => Number(each.getAttribute("transform").split(/[,)]/)[1]);
      [this.grid] = found("grid");
      this.labels = found("label").find(group => !group.parentNode.querySelector(".role-axis-tick"));
      this.lines = field.querySelectorAll(".mark-line path");
      if (!this.grid || !this.labels || !this.lines.length || this.grid.children.length < 2) return;
      this.unzoomed = [this.grid, this.labels].map(group => [...group.children]);
      const values = this.unzoomed[1].map(each => Number(each.textContent.replaceAll(",", "")));
      this.isLog = !values.includes(0);
      this.below = height(this.unzoomed[1][0]) - height(this.unzoomed[0][0]);
      const [one, other] = [0, values.length - 1].map(n => [height(this.unzoomed[1][n]) - this.below, this.bent(values[n])]);
      this.slope = (other[1] - one[1]) / (other[0] - one[0]);
      this.zero = one[1] - this.slope * one[0];
      this.reads = Number.isFinite(this.slope) && this.slope !== 0;
    }
    bent(value) { return this.isLog ? Math.log10(value) : value; }
    value(y) { return this.isLog ? 10 ** (this.zero + this.slope * y) : this.zero + this.slope * y; }
    height(value) { return (this.bent(value) - this.zero) / this.slope; }
    // The heights between which the lines lie from x to x; a scale from zero stays one.
    extent(from, to, bottom) {
      let low = Infinity, high = -Infinity;
      for (const line of this.lines) {
        let before = null;
        for (const [, move, x, y] of line.getAttribute("d").matchAll(/([ML])(-?[\d.]+),(-?[\d.]+)/g)) {
          const point = [Number(x), Number(y)];
          const ends = before === null || move === "M" ? [point] : [from, to].filter(at => before[0] < at && at < point[0])
            .map(at => [at, before[1] + (point[1] - before[1]) * (at - before[0]) / (point[0] - before[0])]);
          for (const [at, height] of [...ends, point])
            if (from <= at && at <= to) { low = Math.min(low, height); high = Math.max(high, height); }
          before = point;
        }
      }
      const least = bottom / 50, room = Math.max(high - low, least) * 0.08;
      if (!this.isLog) return high < 0 || low > bottom - least ? [0, bottom] : [Math.max(0, low - room), bottom];
      return high < 0 ? [0, bottom] : [Math.max(0, low - room), Math.min(bottom, Math.max(high, low + least) + room)];
    }
    ticks(top, bottom) {
      const low = this.value(bottom), high = this.value(top), made = [];
      if (this.isLog) {
        for (let decade = Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++)
          for (const step of [1, 2, 5]) made.push(step * 10 ** decade);
        const inside = made.filter(each => low <= each && each <= high);
        if (inside.length > 1) return inside.length > 6 ? inside.filter(each => String(each).match(/[1-9]/)[0] === "1") : inside;
      }
      const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough));
      const step = [1, 2, 5, 10].find(each => each * power >= rough) * power, even = [];
      for (let n = Math.ceil(low / step - 1e-9); n * step <= high * (1 + 1e-9); n++) even.push(n * step || 0);
      return even;
    }
    show(top, bottom, tall) {
      const [grid, labels] = this.unzoomed, whole = top === 0 && bottom === tall;
      const made = [[], []];
      if (!whole) for (const tick of this.ticks(top, bottom)) {
        const y = (this.height(tick) - top) / (bottom - top) * tall;
        const words = tick.toLocaleString("en-US", { maximumSignificantDigits: 4 });
        made[0].push(this.placed(grid[0], y, 0));
        made[1].push(this.placed(labels[0], y, this.below, words));
      }
      this.grid.replaceChildren(...(whole ? grid : made[0]));
      this.labels.replaceChildren(...(whole ? labels : made[1]));
    }
    placed(like, y, below, words) {
      const made = like.cloneNode(true);
      made.setAttribute("transform", like.getAttribute("transform").replace(/,.*/, `,${Math.round((y + below) * 10) / 10})`));
      if (words !== undefined) made.textContent = words;
      return made;
    }
  }

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
      ({ width: this.width, height: this.tall } = this.field.viewBox.baseVal);
      this.axis = this.drawing.querySelector(".role-axis-tick").parentNode;
      this.ticks = ["tick", "label"].map(kind => this.axis.querySelector(`.role-axis-${kind}`));
      this.unzoomed = this.ticks.map(group => [...group.children]);
      this.scale = new Scale(this.drawing, this.field);
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
      this.hair.setAttribute("d", at < 0 || at > 1 ? "" : `M${at * this.width},0v${this.tall - 6}`);
      if (index !== null) this.say(index);
    }
    mark(low, high, view) {
      const [a, b] = [low, high].map(each => (each - view.from) / (view.to - view.from) * this.width);
      this.chosen.setAttribute("d", low === high ? "" : `M${a},0H${b}V${this.tall - 6}H${a}Z`);
    }
    zoom(view) {
      const rounded = length => Math.round(length * 100) / 100, px = share => rounded(share * this.width);
      const whole = view.from === 0 && view.to === 1, tall = this.tall - 6;
      const [top, bottom] = whole || !this.scale.reads ? [0, tall]
        : this.scale.extent(view.from * this.width, view.to * this.width, tall);
      const edge = 3 * (bottom - top) / tall;
      this.field.setAttribute("viewBox", [px(view.from), rounded(top - edge), px(view.to - view.from),
        rounded(bottom - top + 2 * edge)].join(" "));
      if (this.scale.reads) this.scale.show(top, bottom, tall);
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
