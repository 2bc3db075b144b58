import { byId, draw, make, say } from './dom.js';
import { bytes, count, ratio } from './format.js';
import { refused } from './history.js';

// Columns: key, heading, value to sort by, text.
const columns = [
  ['tenant', 'Tenant', one => one.tenant, one => one.tenant],
  ['state', 'State', one => stateOf(one)[1], one => stateOf(one)[1]],
  ['used_bytes', 'Used', one => one.used_bytes, one => bytes(one.used_bytes)],
  ['limit_bytes', 'Limit', one => one.limit_bytes, one => bytes(one.limit_bytes)],
  ['guarantee_bytes', 'Guarantee', one => one.guarantee_bytes, one => bytes(one.guarantee_bytes)],
  ['stored_pages', 'Pages', one => one.stored_pages, one => count(one.stored_pages)],
  ['density', 'Density', one => one.density ?? -1, one => ratio(one.density)],
  ['ratio', 'Compression', one => one.ratio ?? -1, one => ratio(one.ratio)],
  ['refused', 'Refused', refused, one => count(refused(one))],
  ['reclaimed_frames', 'Reclaimed', one => one.reclaimed_frames, one => count(one.reclaimed_frames)],
  ['spilled_pages', 'Spilled', one => one.spilled_pages, one => count(one.spilled_pages)],
  ['evicted_pages', 'Evicted', one => one.evicted_pages, one => count(one.evicted_pages)],
  ['corrupt_pages', 'Corrupt', one => one.corrupt_pages, one => count(one.corrupt_pages)],
];

function stateOf(one) {
  return one.poisoned ? ['bad', 'broken'] : !one.enabled ? ['warn', 'disabled']
    : one.reached_limit ? ['bad', 'at its limit'] : ['good', one.ephemeral ? 'cache' : 'ok'];
}

const words = new Set(['tenant', 'state']);

export class TenantTable {
  #sort = 'used_bytes';
  #up = false;
  #rows = new Map();
  #now = null;

  constructor() {
    const head = make('tr');
    for (const [key, heading] of columns) {
      const button = make('button', { type: 'button', text: heading });
      button.addEventListener('click', () => this.#sortBy(key));
      head.append(make('th', { scope: 'col', 'data-key': key, class: words.has(key) ? null : 'number' }, button));
    }

    byId('tenants').tHead.append(head);
  }

  show(now) {
    this.#now = now;
    const value = columns.find(([key]) => key === this.#sort)[2];
    const sorted = [...now.tenants].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return (x < y ? -1 : x > y ? 1 : 0) * (this.#up ? 1 : -1) || (a.tenant < b.tenant ? -1 : 1);
    });
    for (const heading of byId('tenants').tHead.rows[0].cells) {
      const chosen = heading.dataset.key === this.#sort;
      if (chosen) {
        heading.setAttribute('aria-sort', this.#up ? 'ascending' : 'descending');
      } else {
        heading.removeAttribute('aria-sort');
      }

      const name = columns.find(([key]) => key === heading.dataset.key)[1];
      say(heading.firstChild, chosen ? `${name} ${this.#up ? '\u25b2' : '\u25bc'}` : name);
    }

    this.#place(sorted);
    byId('tenants-more').hidden = now.tenants_left_off === 0;
    say(byId('tenants-more'), `${now.tenants_left_off} more tenants use less; /admin/tenants has all.`);
  }

  #sortBy(key) {
    this.#up = this.#sort === key ? !this.#up : words.has(key);
    this.#sort = key;
    if (this.#now) {
      this.show(this.#now);
    }
  }

  #place(sorted) {
    const body = byId('tenants').tBodies[0];
    const names = new Set(sorted.map(one => one.tenant));
    for (const [name, row] of this.#rows) {
      if (!names.has(name)) {
        row.remove();
        this.#rows.delete(name);
      }
    }

    sorted.forEach((one, place) => {
      const row = this.#rows.get(one.tenant) ?? this.#makeRow(one);
      this.#fill(row, one);
      if (body.rows[place] !== row) {
        body.insertBefore(row, body.rows[place] ?? null);
      }
    });
  }

  #makeRow(one) {
    const row = make('tr', { 'data-tenant': one.tenant });
    for (const [key] of columns) {
      const cell = make(key === 'tenant' ? 'th' : 'td',
        { 'data-key': key, class: words.has(key) ? null : 'number', scope: key === 'tenant' ? 'row' : null });
      cell.append(make('span', { class: key === 'state' ? 'mark' : null }));
      if (key === 'used_bytes') {
        cell.append(draw('svg', { class: 'share', viewBox: '0 0 72 10', 'aria-hidden': 'true' },
          draw('rect', { width: 72, height: 10, rx: 2 }), draw('rect', { class: 'used', height: 10, rx: 2 }),
          draw('line', { y1: 0, y2: 10 })));
      }

      row.append(cell);
    }

    this.#rows.set(one.tenant, row);
    return row;
  }

  #fill(row, one) {
    columns.forEach(([key, , value, text], place) => {
      const cell = row.cells[place];
      cell.dataset.value = value(one);
      say(cell.firstChild, text(one));
      if (key === 'state') {
        cell.firstChild.dataset.level = stateOf(one)[0];
      } else if (key === 'used_bytes') {
        const share = bytesOf => 72 * Math.min(1, one.limit_bytes > 0 ? bytesOf / one.limit_bytes : 0);
        const [, used, own] = cell.lastChild.children;
        used.setAttribute('width', share(one.used_bytes));
        used.setAttribute('class', one.reached_limit ? 'full' : 'used');
        own.setAttribute('x1', share(one.guarantee_bytes));
        own.setAttribute('x2', share(one.guarantee_bytes));
        own.setAttribute('visibility', one.guarantee_bytes > 0 ? 'visible' : 'hidden');
      }
    });
  }
}
