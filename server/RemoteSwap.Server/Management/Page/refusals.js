import { byId, make, say } from './dom.js';
import { ago, count } from './format.js';
import { refusalCounters } from './history.js';

const shown = 40;

const advice = {
  TENANT_LIMIT: 'Raise the limit with remoteswap tenants set-limit, or free frames with remoteswap reclaim.',
  POOL_LIMIT: 'All tenants together fill the server: raise Store:Limit, add a spill file, or move a tenant.',
  COMPRESS_POOR: 'The page does not compress and the policy rejects such pages: Tenants:NAME:Incompressible=Keep.',
  ALLOC_FAIL: 'No frame could be had: memory is short on this machine.',
  METADATA_FAIL: 'No index entry could be had: the limit leaves no frame for it.',
  DISABLED: 'The tenant takes no new pages: remoteswap tenants enable.',
  DRAINING: 'The server is shutting down; clients go on after its restart.',
  INVARIANT: 'The tenant failed an internal check and is not served; see /admin/check.',
  FENCED: 'An owner that was replaced still writes; it has to attach anew.',
};

const words = {
  reject_reclaim_fail: 'limit reached', reject_alloc_fail: 'no frame', reject_kmemcache_fail: 'no index entry',
  reject_compress_poor: 'does not compress', reject_disabled: 'disabled or draining',
};

function lasting(one) {
  const seconds = (Date.parse(one.last) - Date.parse(one.first)) / 1000;
  return seconds < 1 ? 'at once' : seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

export class RefusalList {
  #causes = new Map();

  constructor() {
    for (const key of refusalCounters) {
      const value = make('span', { class: 'value', 'data-cause': key });
      byId('causes').append(make('li', {}, make('span', { text: words[key] }), value));
      this.#causes.set(key, value);
    }
  }

  show(now) {
    for (const [key, value] of this.#causes) {
      say(value, count(now.totals[key]));
      value.dataset.value = now.totals[key];
    }

    const rows = now.refusals.slice(0, shown).map(one => make('tr',
      { 'data-tenant': one.tenant, 'data-cause': one.cause, 'data-pages': one.pages },
      make('td', { text: ago(one.seconds_ago), title: one.last }),
      make('td', { text: lasting(one), title: one.first }),
      make('td', { text: one.tenant }),
      make('td', { text: one.cause }),
      make('td', { text: count(one.pages), class: 'number' }),
      make('td', { text: advice[one.cause] ?? '', class: 'words' })));
    byId('refusals').tBodies[0].replaceChildren(...rows);
    byId('refusals').parentElement.hidden = rows.length === 0;
    byId('refusals-none').hidden = rows.length > 0;
  }
}
