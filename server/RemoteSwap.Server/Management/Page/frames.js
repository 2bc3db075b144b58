import { ask, Silence } from './ask.js';
import { paintMany, paintOne, palette, spillWords, words } from './cells.js';
import { byId, make, prepare, say } from './dom.js';
import { bytes, count } from './format.js';

const pitch = 12;
const gap = 2;
const mostCells = 2000;
const rowsWide = 24;
const rowsNarrow = 40;
const frameBytes = 4096;
const letters = '.FLBHRXO';
const hint = 'Point at a cell, or move with the arrow keys; Enter looks closer, Escape goes back.';

// The map: the part of memory, or of the spill file, that is looked at, as cells of one frame or of many. The server
// answers no more cells than are asked for, however large its memory is.
export class FrameMap {
  #answer = null;
  #path = [];
  #chosen = null;
  #tenants = '';
  #turn = 0;

  constructor() {
    this.#listen();
    new ResizeObserver(() => this.paint()).observe(byId('frames-box'));
  }

  // Asks for the part that is looked at, every second poll.
  async show(now) {
    this.#offer(now.tenants.map(one => one.tenant));
    if (this.#turn++ % 2 === 0) {
      await this.#look();
    }
  }

  paint() {
    const answer = this.#answer;
    const canvas = byId('frames');
    const width = canvas.clientWidth;
    if (!answer || width === 0) {
      return;
    }

    const columns = this.#columns();
    const cells = this.#cells();
    const height = Math.max(1, Math.ceil(cells / columns)) * pitch;
    canvas.style.height = `${height}px`;
    const pen = prepare(canvas, width, height);
    const colours = palette();
    for (const { children: [swatch, , value] } of byId('frames-legend').children) {
      paintOne(prepare(swatch, 14, 14), colours, value.dataset.state, 1, 1, 12);
    }

    for (let cell = 0; cell < cells; cell++) {
      const x = (cell % columns) * pitch;
      const y = Math.floor(cell / columns) * pitch;
      if (answer.cells) {
        paintOne(pen, colours, this.#stateOf(cell), x, y, pitch - gap);
      } else {
        const [shares, looked] = this.#sharesOf(cell);
        paintMany(pen, colours, shares, looked, x, y, pitch - gap);
      }

      if (cell === this.#chosen) {
        pen.strokeStyle = getComputedStyle(canvas).color;
        pen.lineWidth = 2;
        pen.strokeRect(x - 0.5, y - 0.5, pitch - 1, pitch - 1);
      }
    }
  }

  async #look() {
    const region = byId('frames-region').value;
    const part = this.#path.at(-1);
    const query = new URLSearchParams({ region, cells: this.#room() });
    if (region === 'arena' && byId('frames-tenant').value) {
      query.set('tenant', byId('frames-tenant').value);
    }

    if (part) {
      query.set('from', part.from);
      query.set('count', part.count);
    }

    this.#answer = await ask(`/console/api/frames?${query}`);
    byId('frames-tenant').disabled = region === 'spill';
    this.#explain();
    this.paint();
  }

  #explain() {
    const { region, from, count: frames, block_frames: block, looked, total, counts, states } = this.#answer;
    const what = region === 'spill' ? 'places' : 'frames';
    say(byId('frames-about'), total === 0
      ? 'There is no spill file.'
      : `${what} ${count(from)} to ${count(from + frames - 1)} of ${count(total)} (${bytes(frames * frameBytes)}); `
        + (block === 1 ? `a cell is one ${what.slice(0, -1)}` : `a cell is ${count(block)} ${what}`)
        + (looked < frames ? `, of which ${count(looked / this.#cells())} are looked at` : ''));
    const names = region === 'spill' ? spillWords : words;
    const items = states.map((state, place) => [state, counts[place]]).filter(([state]) => names[state]);
    const legend = byId('frames-legend');
    if (legend.children.length !== items.length) {
      legend.replaceChildren(...items.map(([state]) => make('li', {},
        make('canvas', { width: 14, height: 14, 'aria-hidden': 'true' }), make('span'),
        make('span', { class: 'value', 'data-state': state }))));
    }

    items.forEach(([state, frames], place) => {
      const [swatch, name, value] = legend.children[place].children;
      swatch.style.width = '14px';
      say(name, names[state]);
      say(value, count(frames));
      value.dataset.state = state;
      value.dataset.value = frames;
    });
    this.#describe();
  }

  #describe() {
    if (this.#chosen === null || this.#chosen >= this.#cells()) {
      say(byId('frames-cell'), hint);
      return;
    }

    const { from, block_frames: block, count: frames } = this.#answer;
    const first = from + this.#chosen * block;
    const last = Math.min(from + frames, first + block) - 1;
    const names = this.#answer.region === 'spill' ? spillWords : words;
    const text = this.#answer.cells
      ? `${count(first)}: ${names[this.#stateOf(this.#chosen)]}`
      : `${count(first)} to ${count(last)}: ${Object.entries(this.#sharesOf(this.#chosen)[0])
        .filter(([, n]) => n > 0).map(([state, n]) => `${count(n)} ${names[state]}`).join(', ')}`;
    say(byId('frames-cell'), text);
  }

  #cells() {
    return this.#answer.cells?.length ?? this.#answer.blocks?.length ?? 0;
  }

  #stateOf(cell) {
    return this.#answer.states[letters.indexOf(this.#answer.cells[cell])];
  }

  #sharesOf(cell) {
    const block = this.#answer.blocks[cell];
    return [Object.fromEntries(this.#answer.states.map((state, place) => [state, block[place]])),
      Math.max(1, block.reduce((sum, frames) => sum + frames, 0))];
  }

  #columns() {
    return Math.max(1, Math.floor((byId('frames').clientWidth + gap) / pitch));
  }

  #room() {
    const columns = this.#columns();
    return Math.min(mostCells, columns * (columns < 60 ? rowsNarrow : rowsWide));
  }

  #offer(names) {
    if (names.toSorted().join('\n') !== this.#tenants) {
      this.#tenants = names.toSorted().join('\n');
      const select = byId('frames-tenant');
      const chosen = select.value;
      select.replaceChildren(make('option', { value: '', text: 'all' }),
        ...names.toSorted().map(name => make('option', { value: name, text: name })));
      select.value = names.includes(chosen) ? chosen : '';
    }
  }

  #listen() {
    const canvas = byId('frames');
    const cellAt = event => {
      const cell = Math.floor(event.offsetY / pitch) * this.#columns() + Math.floor(event.offsetX / pitch);
      return this.#answer && cell < this.#cells() ? cell : null;
    };
    canvas.addEventListener('pointermove', event => this.#choose(cellAt(event)));
    canvas.addEventListener('click', event => {
      this.#choose(cellAt(event));
      this.#closer();
    });
    canvas.addEventListener('keydown', event => {
      const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.#columns(), ArrowDown: this.#columns() };
      if (event.key in steps && this.#answer) {
        this.#choose(Math.min(this.#cells() - 1, Math.max(0, (this.#chosen ?? 0) + steps[event.key])));
      } else if (event.key === 'Enter') {
        this.#closer();
      } else if (event.key === 'Escape') {
        this.#farther();
      } else {
        return;
      }

      event.preventDefault();
    });
    byId('frames-in').addEventListener('click', () => this.#closer());
    byId('frames-out').addEventListener('click', () => this.#farther());
    byId('frames-back').addEventListener('click', () => this.#move(-1));
    byId('frames-on').addEventListener('click', () => this.#move(1));
    byId('frames-all').addEventListener('click', () => this.#go([]));
    byId('frames-region').addEventListener('change', () => this.#go([]));
    byId('frames-tenant').addEventListener('change', () => this.#go(this.#path));
  }

  #choose(cell) {
    this.#chosen = cell;
    if (this.#answer) {
      this.#describe();
      this.paint();
    }
  }

  #closer() {
    const answer = this.#answer;
    if (answer && answer.block_frames > 1) {
      // Around the chosen cell, as much as the cells have room for with one frame each, or a sixteenth.
      const size = Math.max(this.#room(), Math.ceil(answer.count / 16));
      const middle = answer.from + (this.#chosen ?? 0) * answer.block_frames;
      const from = Math.max(0, Math.min(answer.total - size, Math.floor(middle - size / 2)));
      this.#go([...this.#path, { from, count: size }]);
    }
  }

  #farther() {
    this.#go(this.#path.slice(0, -1));
  }

  #move(direction) {
    const part = this.#path.at(-1);
    if (part) {
      const from = Math.max(0, Math.min(this.#answer.total - part.count, part.from + direction * part.count));
      this.#go([...this.#path.slice(0, -1), { from, count: part.count }]);
    }
  }

  #go(path) {
    this.#path = path;
    this.#chosen = null;
    this.#turn = 0;
    say(byId('frames-cell'), 'Looking.');
    this.#look().catch(failure => {
      if (!(failure instanceof Silence)) {
        throw failure;
      }

      say(byId('frames-cell'), 'The server does not answer.');
    });
  }
}
