import fc from 'fast-check';

/** Text that breaks things: NUL, halves of surrogate pairs, prototype keys, patterns, quotes, very long. */
const textArbitrary = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '__proto__',
    'constructor',
    'toString',
    "'; DROP TABLE events; --",
    '%',
    '\\',
    '{"a":1}',
    '$1',
    '..',
    'a.b.c',
    '🚀',
    'x'.repeat(300),
    'null',
  ),
);

const numberArbitrary = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 1.5, 1e308, -1e308, 2 ** 53, 2 ** 31, 5e-324, 501, 51),
);

/** ISO instants at the ends of calendars, of PostgreSQL's range and of the format. */
const instantArbitrary = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .date({ min: new Date('1960-01-01'), max: new Date('2210-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.constantFrom(
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '2199-12-31T23:59:59.9999999999Z',
    '9999-12-31T23:59:59Z',
    '9999-12-31T23:59:59-23:59',
    '+010000-01-01T00:00:00Z',
    '-271821-04-20T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-12-31T23:59:60Z',
    '2026-03-29T02:30:00+24:00',
    '2026-W10-1',
  ),
);

const idArbitrary = fc.oneof(
  fc.uuid(),
  fc.constantFrom('ffffffff-ffff-7fff-bfff-ffffffffffff', '00000000-0000-0000-0000-000000000000', '{0}'),
);

/** A value of a type that nobody asked for; deep ones too, as a body holds them. */
const anythingArbitrary = fc.oneof(
  fc.jsonValue({ noUnicodeString: false }),
  fc.integer({ min: 30, max: 2_000 }).map((depth) => nest(depth)),
  fc.constantFrom<unknown>(null, true, [], {}, JSON.parse('{"__proto__":{"polluted":true},"constructor":1}')),
);

function nest(depth: number): unknown {
  return JSON.parse(`${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`);
}

/** Mostly what was asked for, now and then anything. */
function mostly<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: anythingArbitrary });
}

const listOf = (arbitrary: fc.Arbitrary<unknown>) => fc.array(arbitrary, { maxLength: 4 });

const filters = {
  types: mostly(listOf(textArbitrary)),
  devices: mostly(listOf(fc.constantFrom('desktop', 'mobile', null, 'toaster'))),
  userId: mostly(textArbitrary),
  properties: mostly(
    listOf(
      fc.record({
        path: mostly(textArbitrary),
        in: mostly(listOf(fc.oneof(textArbitrary, numberArbitrary, fc.boolean(), fc.constant(null)))),
      }),
    ),
  ),
};

const range = {
  from: mostly(instantArbitrary),
  to: mostly(instantArbitrary),
  last: mostly(fc.constantFrom('15m', '90d', '2d')),
};

/** Five years at most, in most cases, so that more than the range is looked at. */
const fairRange = fc
  .tuple(fc.integer({ min: 0, max: 7_258_000_000 }), fc.integer({ min: 1, max: 90_000_000 }))
  .map(([from, seconds]) => ({ from: toInstant(from), to: toInstant(Math.min(from + seconds, 7_258_118_399)) }));

function toInstant(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

const rangeFields = fc.oneof(
  { weight: 3, arbitrary: fairRange },
  { weight: 1, arbitrary: fc.constant({ last: '1h' }) },
  { weight: 2, arbitrary: fc.record(range, { requiredKeys: [] }) },
);

/** A range with some of the fields that go with it: few, or hardly any question would be whole. */
function questionArbitrary(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const all = { ...filters, ...fields };
  const options = fc
    .subarray(Object.entries(all), { maxLength: 3 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)));
  const question = fc.tuple(rangeFields, options).map(([chosen, others]) => ({ ...chosen, ...others }));
  return fc.oneof({ weight: 19, arbitrary: question }, { weight: 1, arbitrary: anythingArbitrary });
}

export const summaryInputArbitrary = questionArbitrary({
  interval: mostly(fc.constantFrom('auto', 'minute', 'hour', 'day', 'week', 'month')),
  timeZone: mostly(
    fc.oneof(
      textArbitrary,
      fc.constantFrom('Pacific/Apia', 'Australia/Lord_Howe', 'EST5EDT', 'utc', 'Etc/GMT+12', 'Africa/Monrovia'),
    ),
  ),
  groupBy: mostly(fc.constantFrom('type', 'device')),
  groupLimit: mostly(numberArbitrary),
  compare: mostly(fc.constant('previous')),
  fresh: mostly(fc.boolean()),
});

const summaryCursorArbitrary = fc.oneof(
  textArbitrary,
  fc
    .record({
      range: mostly(fc.record({ from: fc.nat(), to: numberArbitrary })),
      interval: fc.constantFrom('minute', 'month', 'auto'),
      timeZone: fc.constantFrom('UTC', 'Pacific/Apia', 'nowhere'),
      keep: mostly(fc.constantFrom(null, [], [1, 2])),
      done: numberArbitrary,
      sum: textArbitrary,
    })
    .map((cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url')),
);

export const summaryPageInputArbitrary = questionArbitrary({
  interval: mostly(fc.constantFrom('auto', 'minute', 'hour', 'day', 'week', 'month')),
  groupBy: mostly(fc.constantFrom('type', 'device')),
  limit: mostly(numberArbitrary),
  cursor: mostly(summaryCursorArbitrary),
});

export const breakdownInputArbitrary = questionArbitrary({ limit: mostly(numberArbitrary) }).chain((question) =>
  fc
    .oneof(
      textArbitrary.map((path) => `property:${path}`),
      fc.constantFrom('type', 'device', 'user'),
      textArbitrary,
    )
    .map((by) => (typeof question === 'object' && question !== null ? { ...question, by } : question)),
);

const cursorArbitrary = fc.oneof(
  textArbitrary,
  fc
    .record({
      order: fc.constantFrom('asc', 'desc', 'sideways'),
      range: mostly(fc.record({ from: numberArbitrary, to: numberArbitrary })),
      after: mostly(fc.record({ id: idArbitrary, occurredAt: fc.oneof(fc.nat(), numberArbitrary) })),
    })
    .map((cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url')),
);

export const listInputArbitrary = questionArbitrary({
  search: mostly(textArbitrary),
  cursor: mostly(cursorArbitrary),
  limit: mostly(numberArbitrary),
  order: mostly(fc.constantFrom('asc', 'desc')),
});

const eventArbitrary = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record(
      {
        id: mostly(idArbitrary),
        type: mostly(textArbitrary),
        occurredAt: mostly(instantArbitrary),
        userId: mostly(textArbitrary),
        sessionId: mostly(textArbitrary),
        device: mostly(fc.constantFrom('desktop', 'other', 'toaster')),
        properties: mostly(fc.dictionary(textArbitrary, anythingArbitrary, { maxKeys: 4 })),
      },
      { requiredKeys: ['type'] },
    ),
  },
  { weight: 1, arbitrary: anythingArbitrary },
);

export const ingestInputArbitrary = fc.oneof(
  { weight: 19, arbitrary: fc.record({ events: fc.array(eventArbitrary, { minLength: 1, maxLength: 6 }) }) },
  { weight: 1, arbitrary: anythingArbitrary },
);

const tenantChangesArbitrary = fc.record(
  {
    name: mostly(fc.oneof(textArbitrary, fc.constantFrom('Acme', 'Söhne 🚀'))),
    timeZone: mostly(
      fc.oneof(textArbitrary, fc.constantFrom('Pacific/Apia', 'EST5EDT', 'utc', 'Etc/GMT+12', 'Africa/Monrovia')),
    ),
  },
  { requiredKeys: [] },
);

/** Mostly without an id: another tenant's is refused whatever else is asked. */
export const updateTenantInputArbitrary = fc.oneof(
  { weight: 14, arbitrary: tenantChangesArbitrary },
  {
    weight: 5,
    arbitrary: fc.tuple(tenantChangesArbitrary, mostly(idArbitrary)).map(([changes, id]) => ({ ...changes, id })),
  },
  { weight: 1, arbitrary: anythingArbitrary },
);

const daysArbitrary = mostly(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(null), numberArbitrary));
export const retentionInputArbitrary = fc.oneof(
  { weight: 19, arbitrary: fc.record({ rawDays: daysArbitrary, rollupDays: daysArbitrary }) },
  { weight: 1, arbitrary: anythingArbitrary },
);

export const eraseUserInputArbitrary = fc.oneof(
  { weight: 9, arbitrary: fc.record({ userId: mostly(textArbitrary) }) },
  { weight: 1, arbitrary: anythingArbitrary },
);
