import { byId, make, say } from './dom.js';
import { bytes, count, percent, rate, ratio, time } from './format.js';

const signs = { good: '\u2713', warn: '!', bad: '\u2717', none: '\u2013' };

// The tiles: what an operator asks first. Each has a sign and words, and its colour only repeats them.
const tiles = [
  ['up', 'Up and accepting?', (now, sample) => {
    const level = now.state.accepting && now.state.health === 'Healthy' ? 'good'
      : now.state.accepting ? 'warn' : 'bad';
    return [level, now.state.word, `health: ${now.state.health}`, now.state.word];
  }],
  ['full', 'How full?', now => {
    const { used_bytes: used, limit_bytes: limit, reached_limit: reached } = now.server;
    return [reached ? 'bad' : used > 0.9 * limit ? 'warn' : 'good', percent(used, limit),
      `${bytes(used)} of ${bytes(limit)}${now.server.limit_reason ? ', lowered' : ''}`, used];
  }],
  ['refused', 'Anybody refused?', (now, sample) => {
    const recent = now.refusals.filter(one => one.seconds_ago < 300);
    const pages = recent.reduce((sum, one) => sum + one.pages, 0);
    if (pages === 0) {
      return ['good', 'nobody', 'last 5 minutes', 0];
    }

    const causes = [...new Set(recent.map(one => `${one.cause} ${one.tenant}`))];
    return [recent[0].seconds_ago < 60 ? 'bad' : 'warn', `${count(pages)} pages`,
      causes.slice(0, 2).join(', ') + (causes.length > 2 ? ` and ${causes.length - 2} more` : ''), pages];
  }],
  ['slow', 'How slow?', (now, sample) => {
    const [store, load] = [sample.store_p99 ?? null, sample.load_p99 ?? null];
    return store === null && load === null
      ? ['none', 'no calls', 'p99 of a call in the server', '']
      : ['good', `load ${time(load)}`, `store ${time(store)}, p99 of a call`, load ?? ''];
  }],
  ['dense', 'How dense?', now => now.totals.density === null
    ? ['none', 'empty', 'zpages a frame, at most 2', '']
    : ['good', ratio(now.totals.density), `zpages a frame; compression ${ratio(now.totals.ratio)}`,
      now.totals.density]],
  ['reclaim', 'Reclaim keeps up?', (now, sample) => {
    const behind = now.refusals.some(one => one.seconds_ago < 60 && one.cause.endsWith('_LIMIT'));
    const frames = sample.reclaimed ?? 0;
    const failing = (sample.reclaimFail ?? 0) > 0;
    return [behind || failing ? 'warn' : 'good',
      behind ? 'behind' : failing ? 'failing' : frames > 0 ? 'working' : 'idle',
      frames > 0 ? `${rate(frames)} frames freed` : `${count(now.totals.reclaimed_frames)} freed since the start`,
      now.totals.reclaimed_frames];
  }],
  ['corrupt', 'Anything corrupt?', now => now.totals.corrupt_pages === 0 && !now.totals.poisoned
    ? ['good', 'nothing', '0 pages since the start', 0]
    : ['bad', now.totals.poisoned ? 'a pool is broken' : `${count(now.totals.corrupt_pages)} finds`,
      'never served; see the problems below', now.totals.corrupt_pages]],
];

export class StateTiles {
  #items = new Map();

  constructor() {
    for (const [key, name] of tiles) {
      const sign = make('span', { class: 'sign', 'aria-hidden': 'true' });
      const item = make('li', { 'data-tile': key },
        make('div', { class: 'name' }, make('span', { text: name }), sign),
        make('div', { class: 'answer' }),
        make('div', { class: 'detail' }));
      this.#items.set(key, item);
      byId('state').append(item);
    }
  }

  show(now, sample) {
    for (const [key, , answer] of tiles) {
      const item = this.#items.get(key);
      const [level, word, detail, value] = answer(now, sample);
      item.dataset.level = level;
      item.dataset.value = value;
      say(item.querySelector('.sign'), signs[level]);
      say(item.querySelector('.answer'), word);
      say(item.querySelector('.detail'), detail);
    }

    const problems = byId('problems');
    problems.hidden = now.state.problems.length === 0;
    const texts = now.state.problems;
    if (texts.join('\n') !== problems.dataset.texts) {
      problems.dataset.texts = texts.join('\n');
      problems.replaceChildren(...texts.map(text => make('li', { text })));
    }
  }
}
