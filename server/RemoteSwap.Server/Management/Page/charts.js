import { Chart } from './chart.js';
import { bytes, count, rate, ratio, time } from './format.js';
import { operations } from './history.js';

const colours = { store: 'blue', load: 'orange', invalidate: 'purple' };
const dashes = { p50: [], p99: [7, 4], p999: [2, 3] };
const words = { p50: 'p50', p99: 'p99', p999: 'p99.9' };

// The four charts of the page.
export function makeCharts(place, history) {
  return [
    new Chart(place, history,
      { id: 'throughput', title: 'Throughput', unit: 'pages a second', format: rate, tick: count, least: 10 },
      operations.map((name, place) => ({
        key: name, label: name, colour: colours[name], dash: [[], [7, 4], [2, 3]][place],
      }))),
    new Chart(place, history,
      { id: 'latency', title: 'Time of a call in the server', unit: 'log scale', format: time, tick: time, log: true,
        least: 1000, columns: 3 },
      operations.flatMap(name => Object.keys(words).map(share => ({
        key: `${name}_${share}`, label: `${name} ${words[share]}`, colour: colours[name], dash: dashes[share],
      })))),
    new Chart(place, history,
      { id: 'density', title: 'Density and compression', unit: 'zpages a frame; page bytes a zpage byte',
        format: ratio, tick: ratio, least: 2 },
      [
        { key: 'density', label: 'density', colour: 'green' },
        { key: 'ratio', label: 'compression', colour: 'red', dash: [7, 4] },
      ]),
    new Chart(place, history,
      { id: 'memory', title: 'Memory', unit: 'bytes', format: bytes, tick: bytes, least: 1024, step: 2 },
      [
        { key: 'used', label: 'used', colour: 'blue' },
        { key: 'limit', label: 'limit', colour: 'red', dash: [7, 4] },
        { key: 'resident', label: 'process', colour: 'grey', dash: [2, 3] },
        { key: 'spill', label: 'spill file', colour: 'orange', dash: [10, 3, 2, 3] },
      ]),
  ];
}
