import { colour, draw, make, prepare, say } from './dom.js';
import { none } from './format.js';
import { span } from './history.js';

const left = 62;
const right = 10;
const top = 8;
const bottom = 22;

// The ends of an axis: round numbers around what is shown.
function linearAxis(most, step) {
  let unit = 1;
  while (unit * 5 < most) {
    unit *= step;
  }

  while (unit * 5 >= most * step && unit > 1e-6) {
    unit /= step;
  }

  const size = [1, 2, 2.5, 5, 10].map(factor => factor * unit)
    .find(candidate => Math.ceil(most / candidate) <= 5) ?? unit * step;
  const lines = Math.max(1, Math.ceil(most / size));
  const ticks = Array.from({ length: lines + 1 }, (_, line) => line * size);
  return { ticks, place: value => value / (lines * size) };
}

function logAxis(least, most) {
  const from = Math.floor(Math.log10(least));
  const to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  const ticks = Array.from({ length: to - from + 1 }, (_, power) => 10 ** (from + power));
  return { ticks, place: value => (Math.log10(value) - from) / (to - from) };
}

// A chart of the last five minutes with its legend. A legend's button hides its line; pointing at the chart, or the
// arrow keys, shows the values of that moment in the legend.
export class Chart {
  #canvas;
  #moment;
  #lines;
  #options;
  #history;
  #now = 0;
  #at = null;

  constructor(place, history, options, lines) {
    this.#history = history;
    this.#options = options;
    this.#lines = lines.map(line => ({ ...line, shown: true }));
    const id = `chart-${options.id}`;
    this.#canvas = make('canvas', { tabindex: '0', role: 'img', 'aria-label': options.title });
    this.#moment = make('span', { class: 'moment', 'aria-live': 'polite' });
    const legend = make('ul', { class: options.columns === 3 ? 'legend three' : 'legend' });
    for (const line of this.#lines) {
      legend.append(this.#legendItem(line, id));
    }

    const title = make('h3', { text: options.title });
    const unit = make('span', { class: 'quiet', text: ` ${options.unit}` });
    title.append(unit);
    place.append(make('figure', { id }, this.#moment, title, this.#canvas, legend));
    this.#listen();
    new ResizeObserver(() => this.#paint()).observe(this.#canvas);
  }

  // Shows what is there now; now is the page's clock in seconds.
  show(now) {
    this.#now = now;
    const samples = this.#history.samples;
    const sample = this.#at === null ? samples.at(-1) : this.#nearest(this.#at);
    for (const line of this.#lines) {
      const value = sample?.[line.key] ?? null;
      say(line.value, value === null ? none : this.#options.format(value));
      line.value.dataset.value = value ?? '';
    }

    say(this.#moment, this.#at === null || !sample ? '' : `${Math.round(now - sample.at)} s ago`);
    this.#canvas.setAttribute('aria-label', `${this.#options.title}: ${this.#lines
      .map(line => `${line.label} ${line.value.textContent}`).join(', ')}`);
    this.#paint();
  }

  #legendItem(line, chart) {
    const sign = draw('svg', { width: 22, height: 8, 'aria-hidden': 'true' },
      draw('line', { x1: 0, y1: 4, x2: 22, y2: 4, 'stroke-width': 2.5,
        'stroke-dasharray': (line.dash ?? []).join(' ') }));
    sign.firstChild.style.stroke = `var(--${line.colour})`;
    line.value = make('span', { class: 'value', 'data-series': line.key });
    const button = make('button', { type: 'button', 'aria-pressed': 'true', 'aria-controls': chart }, sign,
      make('span', { class: 'label', text: line.label }), line.value);
    button.addEventListener('click', () => {
      line.shown = !line.shown;
      button.setAttribute('aria-pressed', String(line.shown));
      this.#paint();
    });
    return make('li', {}, button);
  }

  #listen() {
    const choose = at => {
      this.#at = at;
      this.show(this.#now);
    };
    this.#canvas.addEventListener('pointermove', event => {
      const share = (event.offsetX - left) / (this.#canvas.clientWidth - left - right);
      choose(this.#now - span * (1 - Math.min(1, Math.max(0, share))));
    });
    this.#canvas.addEventListener('pointerleave', () => choose(null));
    this.#canvas.addEventListener('blur', () => choose(null));
    this.#canvas.addEventListener('keydown', event => {
      const step = { ArrowLeft: -5, ArrowRight: 5, Escape: 0 }[event.key];
      if (step !== undefined) {
        event.preventDefault();
        choose(step === 0 ? null : Math.min(this.#now, Math.max(this.#now - span, (this.#at ?? this.#now) + step)));
      }
    });
  }

  #nearest(at) {
    let best = null;
    for (const sample of this.#history.samples) {
      if (!best || Math.abs(sample.at - at) < Math.abs(best.at - at)) {
        best = sample;
      }
    }

    return best;
  }

  #paint() {
    const width = this.#canvas.clientWidth;
    const height = this.#canvas.clientHeight;
    if (width === 0) {
      return;
    }

    const pen = prepare(this.#canvas, width, height);
    const axis = this.#axis();
    const across = at => left + (width - left - right) * (1 - (this.#now - at) / span);
    const up = value => height - bottom - (height - top - bottom) * Math.max(0, axis.place(value));
    this.#paintAxes(pen, axis, across, up, width, height);
    for (const line of this.#lines.filter(one => one.shown)) {
      this.#paintLine(pen, line, across, up);
    }

    if (this.#at !== null) {
      pen.strokeStyle = colour('quiet');
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(across(this.#at), top);
      pen.lineTo(across(this.#at), height - bottom);
      pen.stroke();
    }
  }

  #axis() {
    const keys = this.#lines.filter(line => line.shown).map(line => line.key);
    const values = this.#history.samples.flatMap(sample => keys.map(key => sample[key]))
      .filter(value => value !== null && value !== undefined);
    const most = Math.max(this.#options.least ?? 1, ...values);
    if (!this.#options.log) {
      return linearAxis(most, this.#options.step ?? 10);
    }

    return logAxis(Math.max(1, Math.min(this.#options.least, ...values)), most);
  }

  #paintAxes(pen, axis, across, up, width, height) {
    pen.font = '12px system-ui, sans-serif';
    pen.fillStyle = colour('quiet');
    pen.strokeStyle = colour('grid');
    pen.lineWidth = 1;
    pen.textAlign = 'right';
    pen.textBaseline = 'middle';
    for (const tick of axis.ticks) {
      const y = Math.round(up(tick)) + 0.5;
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(width - right, y);
      pen.stroke();
      pen.fillText(this.#options.tick(tick), left - 6, y);
    }

    pen.textBaseline = 'top';
    for (const minutes of width < 420 ? [4, 2, 0] : [5, 4, 3, 2, 1, 0]) {
      const x = across(this.#now - minutes * 60);
      pen.textAlign = minutes === 5 ? 'left' : minutes === 0 ? 'right' : 'center';
      pen.fillText(minutes === 0 ? 'now' : `\u2212${minutes} min`, x, height - bottom + 6);
    }
  }

  // A line breaks where the page was not answered, or the server began anew.
  #paintLine(pen, line, across, up) {
    pen.strokeStyle = colour(line.colour);
    pen.lineWidth = 2;
    pen.setLineDash(line.dash ?? []);
    pen.beginPath();
    let before = null;
    for (const sample of this.#history.samples) {
      const value = sample[line.key];
      if (value === null || value === undefined) {
        before = null;
        continue;
      }

      const joined = before && !sample.gap && sample.at - before.at < 15;
      pen[joined ? 'lineTo' : 'moveTo'](across(sample.at), up(value));
      if (!joined) {
        pen.lineTo(across(sample.at) + 0.5, up(value));
      }

      before = sample;
    }

    pen.stroke();
    pen.setLineDash([]);
  }
}
