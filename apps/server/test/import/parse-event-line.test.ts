import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineParsers, findFormat } from '../../src/import/import-format.ts';
import { parseEventLine } from '../../src/import/parse-event-line.ts';

test('an event is taken as it is', () => {
  const event = { type: 'sign_up', occurredAt: '2024-03-02T10:00:00+02:00', userId: 'ada', properties: { plan: null } };
  expect(parseEventLine(JSON.stringify(event))).toEqual({ event });
});

test('an exported event loses what an import cannot say', () => {
  const exported = { id: 'x', type: 'sign_up', occurredAt: 'y', receivedAt: 'z', userId: null, device: null };
  expect(parseEventLine(JSON.stringify(exported))).toEqual({ event: { id: 'x', type: 'sign_up', occurredAt: 'y' } });
});

test.each(['', '{', '[]', '"event"', 'null', '1'])('%j is no event', (text) => {
  expect(parseEventLine(text)).toEqual({ broken: 'not a JSON object' });
});

test('an event that says neither when nor which is broken: it could not be told from its repetition', () => {
  expect(parseEventLine('{"type":"sign_up"}')).toEqual({ broken: expect.stringContaining('occurredAt') });
  expect(parseEventLine('{"type":"sign_up","id":"018e0a00-0000-7000-8000-000000000001"}')).toHaveProperty('event');
});

test('any bytes are either an event or a reason, never an exception', () => {
  const parse = createLineParsers().ndjson;
  const anyLine = fc.oneof(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(anyLine, (bytes) => {
      const parsed = parse({ bytes, isEnded: true });
      expect('broken' in parsed || 'event' in parsed).toBe(true);
    }),
  );
});

test.each([
  ['access.log', 'combined'],
  ['/var/log/access.log.3.gz', 'combined'],
  ['access.log-20150517', 'combined'],
  ['events.ndjson.gz', 'ndjson'],
  ['EVENTS.JSONL', 'ndjson'],
  ['-', undefined],
  ['events.csv', 'csv'],
])('the name %s tells the format %s', (name, format) => {
  expect(findFormat(name)).toBe(format);
});
