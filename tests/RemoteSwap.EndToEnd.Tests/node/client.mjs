// A client of the page store that knows nothing but the .proto files: it stores, loads, verifies, invalidates and
// reclaims, by call and by stream. Usage: node client.mjs ADDRESS PROTO_FOLDER. It ends with 0 and "ok", or with 1 and what was wrong.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { crc32, pageChecksum } from './checksums.mjs';

const PAGE_BYTES = 4096;
const DEADLINE_MS = 60_000;
const AREA = 3;
const GENERATION = 7n;
const LAST_SLOT = (1n << 28n) - 1n;

const [address, protos] = process.argv.slice(2);

function connect() {
  const definition = loader.loadSync('remoteswap/v1/page_store.proto', {
    includeDirs: [protos],
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
  });
  const { PageStoreService } = grpc.loadPackageDefinition(definition).remoteswap.v1;
  return new PageStoreService(address, grpc.credentials.createInsecure());
}

const client = connect();
const tenant = 'default';

function call(method, request) {
  return new Promise((resolve, reject) => {
    client[method](request, { deadline: Date.now() + DEADLINE_MS }, (error, reply) => (error ? reject(error) : resolve(reply)));
  });
}

// Columns of a Store; each page: {slot, encoding, zpage, page}.
function columns(pages, extra = {}) {
  return {
    tenant,
    area: AREA,
    slots: pages.map((page) => String(page.slot)),
    generations: pages.map(() => String(GENERATION)),
    sizes: pages.map((page) => page.zpage.length),
    encodings: pages.map((page) => page.encoding),
    zpage_checksums: pages.map((page) => crc32(page.zpage)),
    page_checksums: pages.map((page) => pageChecksum(page.page, AREA, page.slot, GENERATION)),
    zpages: Buffer.concat(pages.map((page) => page.zpage)),
    ...extra,
  };
}

function noise(seed) {
  const page = Buffer.alloc(PAGE_BYTES);
  let state = seed >>> 0;
  for (let i = 0; i < PAGE_BYTES; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    page[i] = state >>> 24;
  }
  return page;
}

// One literal, a match of 4,090 bytes at offset 1, five literals: 4,096 bytes.
function handMadeBlock() {
  const block = Buffer.from([0x1f, 0x2a, 1, 0, ...new Array(15).fill(255), 246, 0x50, 1, 2, 3, 4, 5]);
  const page = Buffer.alloc(PAGE_BYTES, 0x2a);
  Buffer.from([1, 2, 3, 4, 5]).copy(page, PAGE_BYTES - 5);
  return { block, page };
}

function fillPage() {
  const word = Buffer.from('remswap!', 'latin1');
  return { word, page: Buffer.alloc(PAGE_BYTES, word) };
}

// Text, so that the server's own compression has something to do.
function textPage() {
  return Buffer.alloc(PAGE_BYTES, 'a stored page is a page that comes back, byte by byte; ');
}

function zpagesOf(reply) {
  let offset = 0;
  return reply.sizes.map((size) => reply.zpages.subarray(offset, (offset += size)));
}

async function storeAndLoad() {
  const fill = fillPage();
  const made = handMadeBlock();
  const pages = [
    { slot: 0n, encoding: 'ENCODING_FILL', zpage: fill.word, page: fill.page },
    { slot: 1n, encoding: 'ENCODING_LZ4', zpage: made.block, page: made.page },
    { slot: LAST_SLOT, encoding: 'ENCODING_RAW', zpage: noise(1), page: noise(1) },
  ];
  const stored = await call('Store', columns(pages));
  assert.deepEqual(stored.outcomes, ['STORE_OUTCOME_SAME_FILLED', 'STORE_OUTCOME_STORED', 'STORE_OUTCOME_STORED']);
  const again = await call('Store', columns(pages));
  assert.deepEqual(again.outcomes, stored.outcomes);

  const loaded = await call('Load', { tenant, area: AREA, slots: pages.map((page) => String(page.slot)) });
  assert.deepEqual(loaded.outcomes, pages.map(() => 'LOAD_OUTCOME_LOADED'));
  assert.deepEqual(loaded.encodings, pages.map((page) => page.encoding));
  assert.deepEqual(loaded.generations, pages.map(() => String(GENERATION)));
  zpagesOf(loaded).forEach((zpage, i) => {
    assert.deepEqual(zpage, pages[i].zpage);
    assert.equal(loaded.zpage_checksums[i], crc32(zpage));
    assert.equal(loaded.page_checksums[i], pageChecksum(pages[i].page, AREA, pages[i].slot, GENERATION));
  });
}

// RAW pages that the server encodes: what comes back is its choice, and a word is one that this client can decode.
async function storeEncoded() {
  const pages = [fillPage().page, textPage(), noise(2)].map((page, i) => ({
    slot: 100n + BigInt(i),
    encoding: 'ENCODING_RAW',
    zpage: page,
    page,
  }));
  const stored = await call('Store', columns(pages, { encode: true }));
  assert.deepEqual(stored.outcomes, ['STORE_OUTCOME_SAME_FILLED', 'STORE_OUTCOME_STORED', 'STORE_OUTCOME_STORED']);

  const loaded = await call('Load', { tenant, area: AREA, slots: ['100', '101', '102', '103'] });
  assert.deepEqual(loaded.outcomes.slice(3), ['LOAD_OUTCOME_NOT_FOUND']);
  assert.deepEqual(loaded.encodings.slice(0, 3), ['ENCODING_FILL', 'ENCODING_LZ4', 'ENCODING_RAW']);
  const [word, block, raw] = zpagesOf(loaded);
  const decoded = [Buffer.alloc(PAGE_BYTES, word), decodeBlock(block), raw];
  decoded.forEach((page, i) => {
    assert.deepEqual(page, pages[i].page);
    assert.equal(loaded.page_checksums[i], pageChecksum(page, AREA, pages[i].slot, GENERATION));
  });
}

// The LZ4 block format, as its description has it.
function decodeBlock(block) {
  const page = Buffer.alloc(PAGE_BYTES);
  let read = 0;
  let written = 0;
  const length = (nibble) => {
    let total = nibble;
    for (let more = 255; nibble === 15 && more === 255; total += more) {
      more = block[read++];
    }
    return total;
  };
  while (read < block.length) {
    const token = block[read++];
    for (let n = length(token >> 4); n > 0; n--) {
      page[written++] = block[read++];
    }
    if (read === block.length) {
      break;
    }
    const offset = block.readUInt16LE(read);
    read += 2;
    for (let n = length(token & 15) + 4; n > 0; n--) {
      page[written] = page[written - offset];
      written++;
    }
  }
  assert.equal(written, PAGE_BYTES);
  return page;
}

async function refusals() {
  const bad = columns([{ slot: 5n, encoding: 'ENCODING_RAW', zpage: noise(5), page: noise(5) }]);
  bad.zpage_checksums[0] ^= 1;
  bad.zpage_checksums[0] >>>= 0;
  await assert.rejects(call('Store', bad), (error) => {
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.match(error.details, /^zpage_checksums\[0\]: /);
    assert.ok(error.metadata.get('grpc-status-details-bin').length === 1);
    return true;
  });
  await assert.rejects(call('Load', { tenant: 'nobody', slots: ['0'] }), { code: grpc.status.NOT_FOUND });
  await assert.rejects(
    call('Store', { tenant, zpages: Buffer.alloc(5 << 20) }),
    (error) => error.code === grpc.status.RESOURCE_EXHAUSTED && /4194304/.test(error.details),
  );
}

async function reclaim() {
  const reply = await call('Reclaim', { tenant, target_frames: 2, retries: 8 });
  assert.equal(reply.outcome, 'RECLAIM_OUTCOME_FREED');
  assert.equal(reply.frames_freed, 2);
  assert.ok(Number(reply.pages_written_back) >= 2);

  // From the spill file they come back the same.
  const loaded = await call('Load', { tenant, area: AREA, slots: [String(LAST_SLOT), '102'] });
  assert.deepEqual(zpagesOf(loaded), [noise(1), noise(2)]);
}

async function invalidate() {
  const slots = await call('Invalidate', {
    tenant,
    area: AREA,
    slots: ['0', '4'],
    ranges: [{ first: '100', count: '2' }],
  });
  assert.deepEqual(slots.outcomes, ['INVALIDATE_OUTCOME_INVALIDATED', 'INVALIDATE_OUTCOME_NOT_FOUND']);
  assert.equal(slots.range_pages, '2');

  const whole = await call('Invalidate', { tenant, area: AREA, ranges: [{ first: '2', count: String(LAST_SLOT - 2n) }] });
  assert.equal(whole.range_pages, '1');

  const area = await call('InvalidateArea', { tenant, area: AREA });
  assert.equal(area.pages, '2');
  const loaded = await call('Load', { tenant, area: AREA, slots: ['0', '1', '100', '102', String(LAST_SLOT)] });
  assert.deepEqual(loaded.outcomes, new Array(5).fill('LOAD_OUTCOME_NOT_FOUND'));
}

// The same over one stream: requests sent at once, each reply told by its id, a wrong one failing alone.
async function exchange() {
  const page = { slot: 9n, encoding: 'ENCODING_RAW', zpage: noise(9), page: noise(9) };
  const wrong = columns([page]);
  wrong.sizes = [17];
  const load = { tenant, area: AREA, slots: ['9'] };
  const requests = [
    { request_id: '1', store: columns([page]) },
    { request_id: '2', load },
    { request_id: '3', store: wrong },
    { request_id: '4', invalidate: { tenant, area: AREA, slots: ['9'] } },
    { request_id: '5', load },
    { request_id: '6', ping: { reply_pages: 2, reply_page_bytes: 10 } },
  ];
  const replies = new Map();
  const stream = client.Exchange({ deadline: Date.now() + DEADLINE_MS });
  const ended = new Promise((resolve, reject) => {
    stream.on('data', (reply) => replies.set(reply.request_id, reply));
    stream.on('error', reject);
    stream.on('end', resolve);
  });
  requests.forEach((request) => stream.write(request));
  stream.end();
  await ended;

  assert.ok(replies.get('0').welcome.max_requests > 0);
  assert.deepEqual(replies.get('1').store.outcomes, ['STORE_OUTCOME_STORED']);
  assert.deepEqual(zpagesOf(replies.get('2').load), [noise(9)]);
  assert.equal(replies.get('3').failure.code, grpc.status.INVALID_ARGUMENT);
  assert.match(replies.get('3').failure.message, /zpages/);
  assert.deepEqual(replies.get('4').invalidate.outcomes, ['INVALIDATE_OUTCOME_INVALIDATED']);
  assert.deepEqual(replies.get('5').load.outcomes, ['LOAD_OUTCOME_NOT_FOUND']);
  assert.deepEqual(replies.get('6').ping.sizes, [10, 10]);
}

try {
  await storeAndLoad();
  await storeEncoded();
  await refusals();
  await exchange();
  await reclaim();
  await invalidate();
  console.log('ok');
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  client.close();
}
