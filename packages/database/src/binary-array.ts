import { type RawBuilder, sql } from 'kysely';

/** PostgreSQL counts microseconds from here. */
const EPOCH_2000_MS = Date.UTC(2000, 0);
/** Dimensions, nulls, element type, length, lower bound. */
const HEADER_BYTES = 20;

/** A value that its column's type does not have: no statement was sent. */
export class UnstorableValueError extends Error {}

/** An element type: its oid, what an element takes at most, and how it is written; `write` answers the bytes taken. */
type Codec<Value> = {
  readonly name: string;
  readonly oid: number;
  readonly maxBytes: (value: Value) => number;
  readonly write: (buffer: Buffer, value: Value, at: number) => number;
};

/**
 * Arrays in PostgreSQL's binary form: as text, a batch's ten columns took longer to write and to parse than
 * its rows to insert.
 */
export const uuids = arrayOf<string>({
  name: 'uuid',
  oid: 2950,
  maxBytes: () => 16,
  write: (buffer, uuid, at) => {
    let place = 0;
    // Digit by digit: to take the dashes out first would cost three times as much.
    for (let byte = 0; byte < 16; byte++) {
      if (byte === 4 || byte === 6 || byte === 8 || byte === 10) {
        if (uuid[place] !== '-') throw new RangeError('it is no UUID');
        place += 1;
      }
      const value = (digitAt(uuid, place) << 4) | digitAt(uuid, place + 1);
      if (value < 0) throw new RangeError('it is no UUID');
      buffer[at + byte] = value;
      place += 2;
    }
    if (place !== uuid.length) throw new RangeError('it is no UUID');
    return 16;
  },
});

/** Instants as epoch ms. */
export const timestamps = arrayOf<number>({
  name: 'timestamptz',
  oid: 1184,
  maxBytes: () => 8,
  write: (buffer, epochMs, at) => {
    const micros = (epochMs - EPOCH_2000_MS) * 1_000;
    buffer.writeInt32BE(Math.floor(micros / 2 ** 32), at);
    buffer.writeUInt32BE(micros - Math.floor(micros / 2 ** 32) * 2 ** 32, at + 4);
    return 8;
  },
});

export const int4s = arrayOf<number>({
  name: 'int4',
  oid: 23,
  maxBytes: () => 4,
  write: (buffer, value, at) => buffer.writeInt32BE(value, at) - at,
});

export const int2s = arrayOf<number>({
  name: 'int2',
  oid: 21,
  maxBytes: () => 2,
  write: (buffer, value, at) => buffer.writeInt16BE(value, at) - at,
});

export const int8s = arrayOf<number>({
  name: 'int8',
  oid: 20,
  maxBytes: () => 8,
  write: (buffer, value, at) => buffer.writeBigInt64BE(BigInt(value), at) - at,
});

export const texts = arrayOf<string>({
  name: 'text',
  oid: 25,
  maxBytes: (text) => text.length * 3,
  write: (buffer, text, at) => buffer.write(text, at),
});

export const byteas = arrayOf<Buffer>({
  name: 'bytea',
  oid: 17,
  maxBytes: ({ length }) => length,
  write: (buffer, bytes, at) => bytes.copy(buffer, at),
});

/** The bits of a chunk of users, eight to a byte. */
export const bitStrings = arrayOf<Buffer>({
  name: 'bit(8192)',
  oid: 1560,
  maxBytes: ({ length }) => 4 + length,
  write: (buffer, bytes, at) => 4 + bytes.copy(buffer, buffer.writeInt32BE(bytes.length * 8, at)),
});

/** JSON already serialized. */
export const jsonbs = arrayOf<string>({
  name: 'jsonb',
  oid: 3802,
  maxBytes: (json) => 1 + json.length * 3,
  write: (buffer, json, at) => {
    // The version of the form.
    buffer[at] = 1;
    return 1 + buffer.write(json, at + 1);
  },
});

/** What the hexadecimal digits stand for, by their codes. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? -1 : digit;
});

/** Negative where there is none. */
function digitAt(text: string, place: number): number {
  return DIGITS[text.charCodeAt(place)] ?? -1;
}

function arrayOf<Value>(codec: Codec<Value>) {
  return (values: readonly (Value | null | undefined)[]): RawBuilder<unknown> =>
    sql`${encode(values, codec)}::${sql.raw(codec.name)}[]`;
}

function encode<Value>(
  values: readonly (Value | null | undefined)[],
  { name, oid, maxBytes, write }: Codec<Value>,
): Buffer {
  let size = HEADER_BYTES;
  for (const value of values) size += 4 + (value == null ? 0 : maxBytes(value));
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(values.some((value) => value == null) ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  const writeValue = (value: Value, place: number) => {
    try {
      return write(buffer, value, place);
    } catch (cause) {
      throw new UnstorableValueError(`${JSON.stringify(value)} cannot be stored as ${name}`, { cause });
    }
  };
  let at = HEADER_BYTES;
  for (const value of values) {
    const length = value == null ? -1 : writeValue(value, at + 4);
    buffer.writeInt32BE(length, at);
    at += 4 + Math.max(0, length);
  }
  return buffer.subarray(0, at);
}
