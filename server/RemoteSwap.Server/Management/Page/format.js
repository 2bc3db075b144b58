// Numbers as a person reads them. Powers of 1,024 for memory, of 1,000 for the rest; the unit is always said.

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const decimal = ['', 'k', 'M', 'G', 'T'];
export const none = '\u2013';

function scaled(value, step, units) {
  let power = 0;
  let rest = Math.abs(value);
  while (rest >= step && power < units.length - 1) {
    rest /= step;
    power++;
  }

  return [Math.sign(value) * rest, units[power]];
}

function digits(value) {
  const size = Math.abs(value);
  return size >= 100 || size === 0 || Number.isInteger(value) ? value.toFixed(0)
    : size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function bytes(value) {
  if (value === null || value === undefined) {
    return none;
  }

  const [number, unit] = scaled(value, 1024, binary);
  return `${digits(number)} ${unit}`;
}

export function count(value) {
  if (value === null || value === undefined) {
    return none;
  }

  if (Math.abs(value) < 100000) {
    return Math.round(value).toLocaleString('en-US');
  }

  const [number, unit] = scaled(value, 1000, decimal);
  return `${digits(number)}${unit}`;
}

export function rate(value) {
  return value === null || value === undefined ? none : `${count(value)}/s`;
}

export function ratio(value) {
  return value === null || value === undefined ? none : value.toFixed(2);
}

export function percent(part, whole) {
  return whole > 0 ? `${(100 * part / whole).toFixed(part < whole ? 1 : 0)} %` : none;
}

// Nanoseconds.
export function time(value) {
  if (value === null || value === undefined) {
    return none;
  }

  return value < 1e3 ? `${digits(value)} ns`
    : value < 1e6 ? `${digits(value / 1e3)} µs`
    : value < 1e9 ? `${digits(value / 1e6)} ms`
    : `${digits(value / 1e9)} s`;
}

// Seconds in the past.
export function ago(seconds) {
  return seconds < 1.5 ? 'now'
    : seconds < 90 ? `${Math.round(seconds)} s ago`
    : seconds < 5400 ? `${Math.round(seconds / 60)} min ago`
    : `${Math.round(seconds / 3600)} h ago`;
}
