import { foldAll, ingestEvents } from '@tidemark/services';
import { beforeAll, expect, test } from 'vitest';
import { findFlaws } from '../src/audit/audit-tenant.ts';
import { auditTenant, Ledger, type LoadEvent, makeLoadEvents, Oracle, servicesResource } from '../src/index.ts';

/** Enough users for sets of both kinds: arrays, and bits past 256 members. */
const EVENTS = 1_000;

const resources = new AsyncDisposableStack();
const ledger = new Ledger();
let oracle: Oracle;
let tenantId: string;

/** A tenant whose first events are folded and whose last are still in the log, with the book of its sender. */
beforeAll(async () => {
  const services = resources.use(await servicesResource());
  oracle = resources.use(await Oracle.open(services.url));
  const ctx = await services.tenantContext({ timeZone: 'Asia/Kathmandu' });
  tenantId = ctx.tenant.id;
  const send = async (events: readonly LoadEvent[]) => {
    ledger.enterSent(events);
    const { receipts } = await ingestEvents(ctx, { events: [...events] });
    ledger.enterReceipts(events, receipts);
  };
  const first = makeLoadEvents(EVENTS);
  await send(first);
  await foldAll(services.resources);
  await send([...makeLoadEvents(50), ...first.slice(0, 5)]);
  return () => resources.disposeAsync();
});

test('finds nothing where nothing is wrong', async () => {
  expect(await auditTenant(oracle, { tenantId, ledger })).toEqual([]);
  const [sets] = await oracle.ask(
    'SELECT count(members) AS arrays, count(bits) AS bits FROM user_sets_day WHERE tenant_id = $1',
    [tenantId],
  );
  expect(Number(sets?.arrays)).toBeGreaterThan(0);
  expect(Number(sets?.bits)).toBeGreaterThan(0);
});

const ONE_EVENT = '(SELECT id FROM events WHERE tenant_id = $1 ORDER BY id LIMIT 1)';

test.for([
  [
    'an acknowledged event is gone',
    `DELETE FROM events WHERE tenant_id = $1 AND id = ${ONE_EVENT}`,
    'events are not stored',
  ],
  [
    'an event was never sent',
    `INSERT INTO events SELECT tenant_id, gen_random_uuid(), occurred_at, received_at, user_ordinal, device, type, user_id,
       session_id, properties FROM events WHERE tenant_id = $1 AND id = ${ONE_EVENT}`,
    'never sent',
  ],
  [
    'an event is altered',
    `UPDATE events SET properties = '{"place":-1}' WHERE tenant_id = $1 AND id = ${ONE_EVENT}`,
    'otherwise than sent',
  ],
  [
    'a quarter-hour counts twice',
    ofOneRow('event_counts_quarter', 'UPDATE', 'SET events = events + 1'),
    'counts per quarter',
  ],
  ['a quarter-hour is gone', ofOneRow('event_counts_quarter', 'DELETE FROM'), 'counts per quarter'],
  ['a day counts too little', ofOneRow('event_counts_day', 'UPDATE', 'SET events = events - 1'), 'counts per day'],
  ['an entry of the log is gone', 'DELETE FROM user_log WHERE tenant_id = $1', 'users are missing per hour'],
  ['a set is gone', ofOneRow('user_sets_day', 'DELETE FROM'), 'users are missing per day'],
  [
    'a bit too many is set',
    ofOneRow('user_sets_day', 'UPDATE', 'SET bits = set_bit(bits, 8000, 1)', 'AND bits IS NOT NULL'),
    'users are invented per day',
  ],
  [
    'a member too many is in an array',
    ofOneRow(
      'user_sets_hour',
      'UPDATE',
      'SET members = members || int2send(8001::smallint)',
      'AND members IS NOT NULL',
    ),
    'users are invented per hour',
  ],
  [
    'an event holds another user’s ordinal',
    'UPDATE events SET user_ordinal = user_ordinal + 1 WHERE tenant_id = $1',
    'wrong ordinal',
  ],
  [
    'an ordinal was skipped',
    'UPDATE tenant_heads SET next_ordinal = next_ordinal + 1 WHERE tenant_id = $1',
    'numberings have gaps',
  ],
  [
    'a type id was skipped',
    'UPDATE tenant_heads SET next_type_id = next_type_id + 1 WHERE tenant_id = $1',
    'numberings have gaps',
  ],
  ['a commit is gone', ofOneRow('commits', 'DELETE FROM'), 'not listed by exactly one commit'],
  [
    'a commit is written twice',
    'INSERT INTO commits SELECT tenant_id, 0, committed_at, occurred_at, ids, days FROM commits WHERE tenant_id = $1 LIMIT 1',
    'not listed by exactly one commit',
  ],
  ['a commit forgets a day', ofOneRow('commits', 'UPDATE', `SET days = '{}'`), 'contradict themselves'],
  ['a commit is ahead of the head', ofOneRow('commits', 'UPDATE', 'SET seq = seq + 1000'), 'contradict themselves'],
] as const)('sees that %s', async ([, statement, flaw]) => {
  await oracle.ask('BEGIN');
  await oracle.ask(statement, [tenantId]);
  const flaws = await findFlaws({ oracle, tenantId }, ledger);
  await oracle.ask('ROLLBACK');
  expect(flaws).toEqual(expect.arrayContaining([expect.stringContaining(flaw)]));
});

test('sees receipts that contradict each other', () => {
  const ledger = new Ledger();
  const [twice, never, other] = makeLoadEvents(3) as [LoadEvent, LoadEvent, LoadEvent];
  const receipt = ({ id, occurredAt }: LoadEvent, status: 'accepted' | 'duplicate') => ({ id, occurredAt, status });
  ledger.enterSent([twice, never, other]);
  ledger.enterReceipts(
    [twice, never, other],
    [receipt(twice, 'accepted'), receipt(never, 'duplicate'), receipt(twice, 'accepted')],
  );
  expect(ledger.findFlaws()).toEqual([
    expect.stringContaining('receipt 2 is for'),
    expect.stringContaining('was always a duplicate'),
  ]);
  ledger.enterSent([twice]);
  ledger.enterReceipts([twice], [receipt(twice, 'accepted')]);
  expect(ledger.findFlaws()).toContainEqual(expect.stringContaining('was accepted 2 times'));
});

/** A statement that touches a single row of a tenant's table. */
function ofOneRow(table: string, verb: string, change = '', which = ''): string {
  return `${verb} ${table} ${change} WHERE ctid = (SELECT ctid FROM ${table} WHERE tenant_id = $1 ${which} LIMIT 1) AND tenant_id = $1`;
}
