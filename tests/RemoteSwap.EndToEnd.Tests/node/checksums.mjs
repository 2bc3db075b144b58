// The checksums of page_store.proto: CRC-32 as in zlib, and the page checksum that is bound to a page's identity.
const POLYNOMIAL = 0xedb88320;
const IDENTITY_BYTES = 20;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) {
    value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  }
  return value;
});

export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export function pageChecksum(page, area, slot, generation) {
  const identity = Buffer.alloc(IDENTITY_BYTES);
  identity.writeUInt32LE(area, 0);
  identity.writeBigUInt64LE(slot, 4);
  identity.writeBigUInt64LE(generation, 12);
  return (crc32(page) ^ crc32(identity)) >>> 0;
}
