import { expect, test } from 'vitest';
import { withIdentity } from '../src/index.ts';

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function timeOf(id: string): number {
  const [, high = '', low = ''] = UUID_V7.exec(id) ?? [];
  return Number.parseInt(high + low, 16);
}

test('a bare event gets a UUIDv7 and its time', () => {
  const before = Date.now();
  const { id, occurredAt = '' } = withIdentity({ type: 'signup' });
  expect(timeOf(id)).toBe(Date.parse(occurredAt));
  expect(timeOf(id)).toBeGreaterThanOrEqual(before);
});

test('the id carries the time the event names', () => {
  const event = withIdentity({ type: 'signup', occurredAt: '2026-11-22T10:30:00+01:00' });
  expect(timeOf(event.id)).toBe(Date.parse('2026-11-22T09:30:00Z'));
  expect(event.occurredAt).toBe('2026-11-22T10:30:00+01:00');
});

test('what names itself is left alone, so that it stays the same event', () => {
  const named = { type: 'signup', id: '01a203f9-c684-70e5-aa0b-347dcf3f5e51' };
  expect(withIdentity(named)).toEqual(named);
});

test('two events of one instant are two events', () => {
  const occurredAt = '2026-11-22T09:30:00.000Z';
  const ids = new Set(Array.from({ length: 1_000 }, () => withIdentity({ type: 'view', occurredAt }).id));
  expect(ids.size).toBe(1_000);
});

test.each(['1955-01-01T00:00:00Z', 'yesterday'])(
  'a time that no id can hold is left to the server: %s',
  (occurredAt) => {
    const event = withIdentity({ type: 'view', occurredAt });
    expect(event).toMatchObject({ occurredAt, id: expect.stringMatching(UUID_V7) });
  },
);
