import { colour } from './dom.js';

// How a cell looks. A cell of one frame shows its state by shape as well as by colour; a cell of many is filled from
// below, state by state, each with its share.

export const words = {
  free: 'free', first: 'first only', last: 'last only', both: 'both', headless: 'headless', reclaim: 'under reclaim',
  bookkeeping: 'index and tables', elsewhere: 'of others',
};

export const spillWords = { free: 'free place', first: 'one page left', both: 'two pages or more' };

// From the bottom of a mixed cell to its top.
const stack = ['both', 'headless', 'first', 'last', 'reclaim', 'bookkeeping', 'elsewhere'];

export function palette() {
  return Object.fromEntries(Object.keys(words).map(state => [state, colour(`cell-${state}`)]));
}

export function paintOne(pen, colours, state, x, y, size) {
  pen.fillStyle = colours[state];
  pen.strokeStyle = colours[state];
  pen.lineWidth = 1;
  switch (state) {
    case 'free':
      pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
      break;
    case 'first':
      pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
      pen.fillRect(x, y, Math.round(size * 0.55), size);
      break;
    case 'last':
      pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
      pen.fillRect(x + size - Math.round(size * 0.55), y, Math.round(size * 0.55), size);
      break;
    case 'headless':
      pen.fillRect(x, y, size, size);
      cross(pen, x, y, size, false);
      break;
    case 'reclaim':
      pen.fillRect(x, y, size, size);
      cross(pen, x, y, size, true);
      break;
    case 'elsewhere':
      pen.fillRect(x + size / 4, y + size / 4, size / 2, size / 2);
      break;
    default:
      pen.fillRect(x, y, size, size);
  }
}

// shares: frames by state, of so many that were looked at.
export function paintMany(pen, colours, shares, looked, x, y, size) {
  pen.strokeStyle = colours.free;
  pen.lineWidth = 1;
  pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
  let from = y + size;
  for (const state of stack) {
    const high = size * (shares[state] ?? 0) / looked;
    if (high > 0) {
      pen.fillStyle = colours[state];
      pen.fillRect(x, from - high, size, high);
      from -= high;
    }
  }
}

function cross(pen, x, y, size, both) {
  pen.strokeStyle = colour('card');
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x + 1, y + size - 1);
  pen.lineTo(x + size - 1, y + 1);
  if (both) {
    pen.moveTo(x + 1, y + 1);
    pen.lineTo(x + size - 1, y + size - 1);
  }

  pen.stroke();
}
