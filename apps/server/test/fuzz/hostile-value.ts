import fc from 'fast-check';

/** Text that PostgreSQL could store, and that breaks what is put together from text. */
export const awkwardText = fc.constantFrom(
  "'; DROP TABLE events; --",
  "' OR '1'='1",
  '"; DELETE FROM tenants WHERE true; --',
  "$1, ($2), :name, ?, E'\\x41'",
  '$$; SELECT pg_sleep(60); $$',
  "a') UNION SELECT secret_hash::text FROM api_keys --",
  '{a,"b",NULL}',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  '%',
  '_',
  '\\',
  '..',
  'a.b.c',
  'null',
  'NaN',
  '0',
  '<script>alert(1)</script>',
  '\r\nset-cookie: a=b',
  '\u202e\u200b\ufeff',
  'ﬀﬃ İıß',
  '🚀👩‍👩‍👧',
  ' ',
);

/** Text that nobody may store: NUL, halves of surrogate pairs, nothing, too much. */
const forbiddenText = fc.constantFrom(
  '',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  'x'.repeat(300),
  'x'.repeat(5_000),
  '[object Object]'.repeat(40),
);

/** ISO instants at the ends of calendars, of PostgreSQL's range and of the format. */
const awkwardInstant = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '2199-12-31T23:59:59.9999999999Z',
    '2200-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '+010000-01-01T00:00:00Z',
    '-271821-04-20T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-12-31T23:59:60Z',
    '2026-03-29T02:30:00+24:00',
    '2026-W10-1',
    '2026-11-22 10:00:00',
    'infinity',
    'now()',
  ),
);

const awkwardZone = fc.constantFrom(
  'utc',
  'EST5EDT',
  'Etc/GMT+12',
  'Africa/Monrovia',
  '+05:45',
  'Europe/Nowhere',
  '../../etc/passwd',
  "UTC'; --",
);

export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  awkwardText,
  forbiddenText,
  awkwardInstant,
  awkwardZone,
);

const hostileNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 1.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, 1e21, 5e-324),
);

/** Nested as deep as a body holds it, by what recurses. */
const deepValue = fc.integer({ min: 30, max: 2_000 }).map((depth) => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
});

/** Keys that mean something else to JavaScript, as `JSON.parse` makes them: a program's own object could not. */
const prototypeKeys = fc
  .constantFrom(
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"toString":1,"valueOf":2,"hasOwnProperty":3}',
    '{"then":"not a promise","length":-1,"toJSON":1}',
  )
  .map((text): unknown => JSON.parse(text));

/** A value of a type that nobody asked for. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 3, arbitrary: hostileNumber },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], '') },
  { weight: 2, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: deepValue },
  { weight: 1, arbitrary: prototypeKeys },
  { weight: 1, arbitrary: fc.array(hostileText, { minLength: 51, maxLength: 60 }) },
);
