import { ask, Silence } from './ask.js';
import { makeCharts } from './charts.js';
import { byId, say } from './dom.js';
import { ago } from './format.js';
import { FrameMap } from './frames.js';
import { History } from './history.js';
import { RefusalList } from './refusals.js';
import { StateTiles } from './state.js';
import { TenantTable } from './tenants.js';
import { startTheme } from './theme.js';

const everyMs = 1000;

const history = new History();
const charts = makeCharts(byId('charts'), history);
const tiles = new StateTiles();
const tenants = new TenantTable();
const refusals = new RefusalList();
const frames = new FrameMap();
let paused = false;
let polls = 0;
let answered = seconds();

function seconds() {
  return performance.now() / 1000;
}

async function poll() {
  const now = await ask('/console/api/figures');
  answered = seconds();
  const sample = history.add(now, answered);
  tiles.show(now, sample);
  tenants.show(now);
  refusals.show(now);
  say(byId('about'), `server ${now.version.split('+')[0]} at ${location.host}`);
  await frames.show(now);
  polls++;
  document.documentElement.dataset.polls = polls;
  document.documentElement.dataset.monotonic = now.monotonic_us;
}

function drawAll() {
  for (const chart of charts) {
    chart.show(seconds());
  }

  frames.paint();
}

function complain(failure) {
  const silent = seconds() - answered;
  byId('silence').hidden = !failure;
  if (failure) {
    say(byId('silence'), `The server does not answer: last answer ${ago(silent)}. What is shown is of then.`);
  }
}

async function turn() {
  const begun = performance.now();
  if (!paused && !document.hidden) {
    try {
      await poll();
      complain(null);
    } catch (failure) {
      if (!(failure instanceof Silence)) {
        throw failure;
      }

      complain(failure);
    } finally {
      setTimeout(turn, Math.max(100, everyMs - (performance.now() - begun)));
    }

    drawAll();
    return;
  }

  setTimeout(turn, everyMs);
}

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  say(byId('pause'), paused ? 'Go on' : 'Pause');
});
startTheme(drawAll);
turn();
