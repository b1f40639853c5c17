import { CSV_COLUMNS, type Event } from '@tidemark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CSV_HEADER, toCsvRecord } from '../../src/export/to-csv.ts';
import { readCsv } from '../../src/import/read-csv.ts';

const MAX_BYTES = 1_000_000;

async function readAll(text: string, chunkSize = 7): Promise<Record<string, unknown>[]> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += chunkSize) yield bytes.subarray(from, from + chunkSize);
  }
  const read: Record<string, unknown>[] = [];
  for await (const lines of readCsv(chunks(), MAX_BYTES)) {
    for (const line of lines) read.push(JSON.parse(String(line.bytes)) as Record<string, unknown>);
  }
  return read;
}

test('whatever an event holds comes back from the CSV it is exported as', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.string({
      unit: fc.constantFrom('"', ',', '\r', '\n', "'", '=', ' ', '\t', '\u00a0', '\ufeff', 'a'),
      minLength: 1,
    }),
  );
  const nullable = fc.option(text, { nil: null });
  const event = fc.record<Event>({
    id: fc.uuid(),
    type: text,
    occurredAt: fc.constant('2026-11-20T10:00:00.000Z'),
    receivedAt: fc.constant('2026-11-20T10:00:01.000Z'),
    userId: nullable,
    sessionId: nullable,
    device: fc.constantFrom('mobile', 'server', null),
    properties: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })) as fc.Arbitrary<Event['properties']>,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 5 }), fc.integer({ min: 1, max: 50 }), async (events, chunkSize) => {
      const read = await readAll(`${CSV_HEADER}${events.map(toCsvRecord).join('')}`, chunkSize);
      expect(read).toEqual(
        events.map((one) =>
          JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(one).filter(([, v]) => v !== null)))),
        ),
      );
    }),
    { numRuns: 500 },
  );
});

test('reads a header in any order, with a mark of byte order, blank lines and either line end', async () => {
  const read = await readAll(
    '\ufeffoccurredAt, type ,properties\n2026-11-20T10:00:00Z,view,"{""a"":1}"\n\r\n2026-11-20T11:00:00Z,buy,\r\n',
  );
  expect(read).toEqual([
    { occurredAt: '2026-11-20T10:00:00Z', type: 'view', properties: { a: 1 } },
    { occurredAt: '2026-11-20T11:00:00Z', type: 'buy' },
  ]);
});

test('keeps what it cannot place for the server to judge, and breaks off at a quote without its other', async () => {
  expect(await readAll('type,properties\nview,no json,more\n')).toEqual([
    { type: 'view', properties: 'no json', 'column 3': 'more' },
  ]);
  await expect(readAll('type\nview\n"bro')).rejects.toThrow('Quote Not Closed');
  expect(CSV_COLUMNS).toContain('properties');
});
