import { expect, test } from 'vitest';
import { OpenStreams } from '../src/live/open-streams.ts';

test('a tenant has so many streams open and no more; one that is left makes room, and others have their own', () => {
  const streams = new OpenStreams({ name: 'streams', perTenant: 3, inAll: 5 });
  const held = [streams.hold('a'), streams.hold('a'), streams.hold('a')];
  expect(() => streams.hold('a')).toThrow(expect.objectContaining({ code: 'overloaded' }));
  streams.hold('b');
  held[1]?.[Symbol.dispose]();
  held[1] = streams.hold('a');
  expect(() => streams.hold('a')).toThrow(expect.objectContaining({ code: 'overloaded' }));
  for (const one of held) one[Symbol.dispose]();
  for (let count = 0; count < 3; count += 1) streams.hold('a');
});

test('tenants together have so many open and no more', () => {
  const streams = new OpenStreams({ name: 'exports', perTenant: 3, inAll: 2 });
  const first = streams.hold('a');
  streams.hold('b');
  const refusal = {
    code: 'overloaded',
    message: expect.stringContaining('2 exports are open'),
    evidence: { streams: 2 },
  };
  expect(() => streams.hold('c')).toThrow(
    expect.objectContaining({ ...refusal, evidence: { streams: 2, retryAfterMs: 5_000 } }),
  );
  first[Symbol.dispose]();
  streams.hold('c');
});
