import { randomBytes } from 'node:crypto';

/** A UUIDv7 (RFC 9562, 5.7) of the given time in epoch ms. */
export function makeUuidV7(epochMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(epochMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The time (epoch ms) inside a UUIDv7; undefined for any other UUID. */
export function timeOfUuidV7(id: string): number | undefined {
  if (id[14] !== '7' || !/[89ab]/i.test(id[19] ?? '')) return undefined;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
