// The last five minutes, as the page has seen them. The server keeps none: rates and percentiles are made here, from
// the difference of two answers and the server's own clock that is never set back.

export const span = 300;
export const operations = ['store', 'load', 'invalidate'];
export const percentiles = [['p50', 0.5], ['p99', 0.99], ['p999', 0.999]];

const counters = { store: 'stores', load: 'loads', invalidate: 'invalidations' };
const refusals = ['reject_reclaim_fail', 'reject_alloc_fail', 'reject_kmemcache_fail', 'reject_compress_poor',
  'reject_disabled'];

export function refused(totals) {
  return refusals.reduce((sum, name) => sum + totals[name], 0);
}

export const refusalCounters = refusals;

// Calls of one interval by bucket: what is there now less what was there before.
function difference(now, before) {
  const earlier = new Map(before ? before.buckets.map(([bound, calls]) => [bound, calls]) : []);
  return now.buckets
    .map(([bound, calls]) => [bound, calls - (earlier.get(bound) ?? 0)])
    .filter(([, calls]) => calls > 0);
}

// The bound of the bucket in which the share is reached; null: there were no calls.
export function percentile(buckets, share) {
  const total = buckets.reduce((sum, [, calls]) => sum + calls, 0);
  let seen = 0;
  for (const [bound, calls] of buckets) {
    seen += calls;
    if (seen >= total * share) {
      return bound;
    }
  }

  return null;
}

export class History {
  samples = [];
  last = null;

  // Takes an answer of the server; at is the page's clock in seconds.
  add(figures, at) {
    const before = this.last;
    this.last = figures;
    const begun = !before || before.incarnation !== figures.incarnation || figures.monotonic_us <= before.monotonic_us
      || figures.totals.stores < before.totals.stores;
    const sample = { at, gap: begun };
    this.#addGauges(sample, figures);
    if (!begun) {
      this.#addRates(sample, figures, before);
    }

    this.samples.push(sample);
    while (this.samples[0].at < at - span) {
      this.samples.shift();
    }

    return sample;
  }

  #addGauges(sample, figures) {
    sample.density = figures.totals.density;
    sample.ratio = figures.totals.ratio;
    sample.used = figures.server.used_bytes;
    sample.limit = figures.server.limit_bytes;
    sample.resident = figures.server.resident_bytes;
    sample.spill = figures.server.spill_limit_bytes > 0 ? figures.server.spill_used_bytes : null;
  }

  #addRates(sample, figures, before) {
    const seconds = (figures.monotonic_us - before.monotonic_us) / 1e6;
    const per = name => (figures.totals[name] - before.totals[name]) / seconds;
    sample.refused = (refused(figures.totals) - refused(before.totals)) / seconds;
    sample.reclaimed = per('reclaimed_frames');
    sample.reclaimFail = per('reclaim_fail');
    for (const operation of operations) {
      sample[operation] = per(counters[operation]);
    }

    const sameWatch = figures.latency.watch === before.latency.watch;
    for (const now of figures.latency.operations) {
      const then = sameWatch ? before.latency.operations.find(one => one.name === now.name) : null;
      const buckets = difference(now, then);
      for (const [name, share] of percentiles) {
        sample[`${now.name}_${name}`] = percentile(buckets, share);
      }
    }
  }
}
