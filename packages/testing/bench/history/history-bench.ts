import type { SummaryQuery } from '@tidemark/schemas';
import type { TenantContext } from '@tidemark/services';
import { findCountFlaws } from '../../src/audit/find-count-flaws.ts';
import { findUserFlaws } from '../../src/audit/find-user-flaws.ts';
import { p50, p95, toMs } from '../../src/load/percentile.ts';
import { Oracle } from '../../src/oracle/oracle.ts';
import { type ServicesResource, servicesResource } from '../../src/services-resource.ts';
import { type Bench, type BenchContext, toNumber, toNumbers } from '../bench.ts';
import { toTable } from '../report/to-table.ts';
import type { Verdict } from '../report/verdict.ts';
import { type Comparison, compare } from './compare.ts';
import { type History, loadHistory } from './load-history.ts';
import { RawSummary } from './raw-summary.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Beyond this the audit takes longer than everything else. */
const MAX_AUDITED = 1_000_000;

type GroupedQuestion = SummaryQuery & { readonly groupBy: 'type' | 'device' };
type Measured = { readonly name: string; readonly events: number } & Comparison;

/** What history costs: an uncached summary against raw SQL, as history grows, in a foreign zone, and where it is sparse. */
export const historyBench: Bench = {
  title: 'Uncached summaries against tuned, warm raw SQL',
  options: { events: '1000000,10000000', users: '100000', rounds: '3', times: '7', sparse: '1' },
  async run(context) {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    await using services = await servicesResource();
    await using oracle = await Oracle.open(services.url);
    await using raw = await RawSummary.open(services.url);
    const sizes = toNumbers(context.options.events);
    const users = toNumber(context.options.users);
    const tenants: { ctx: TenantContext; history: History }[] = [];
    for (const events of sizes) {
      const ctx = await services.tenantContext();
      const history = {
        tenantId: ctx.tenant.id,
        events,
        from: today - 90 * DAY_MS,
        to: today,
        users,
        types: 8,
        devices: 4,
      };
      await load(context, { services, oracle }, history);
      tenants.push({ ctx, history });
    }
    await tune(oracle);

    const measured: Measured[] = [];
    for (const { ctx, history } of tenants) {
      const { events } = history;
      const options = { rounds: toNumber(context.options.rounds), timesPerRound: toNumber(context.options.times) };
      const daily = { from: toText(history.from), to: toText(today) };
      measured.push({
        name: '90 days by day and type',
        events,
        ...(await compare(raw, ctx, toQuestion(daily), options)),
      });
      const foreign = {
        from: toText(today - 40 * DAY_MS - KATHMANDU_MS),
        to: toText(today - 10 * DAY_MS - KATHMANDU_MS),
      };
      measured.push({
        name: '30 days of +05:45',
        events,
        ...(await compare(raw, ctx, toQuestion(foreign, 'Asia/Kathmandu'), options)),
      });
    }
    printComparisons(context, measured);
    const verdicts = toVerdicts(measured);
    if (context.options.sparse !== '0') verdicts.push(...(await runSparse(context)));
    return verdicts;
  },
};

const KATHMANDU_MS = (5 * 60 + 45) * 60_000;

function toQuestion(range: { from: string; to: string }, timeZone?: string): GroupedQuestion {
  return {
    ...range,
    interval: 'day',
    groupBy: 'type',
    groupLimit: 20,
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

function toVerdicts(measured: readonly Measured[]): Verdict[] {
  const find = (name: string) => measured.filter((each) => each.name === name);
  const daily = find('90 days by day and type');
  const [least, most] = [daily[0], daily.at(-1)];
  if (least === undefined || most === undefined) return [];
  const speedUp = ({ ours, raw }: Comparison) => p50(raw) / p50(ours);
  const foreign = find('30 days of +05:45').at(-1);
  return [
    { name: `90 days, ${toMillions(most.events)}: raw ÷ ours`, value: speedUp(most), bar: { atLeast: 300 } },
    {
      name: `90 days: ${toMillions(most.events)} ÷ ${toMillions(least.events)}`,
      value: p50(most.ours) / p50(least.ours),
      bar: { atMost: 1.5 },
    },
    ...(foreign === undefined
      ? []
      : [
          {
            name: `30 days of +05:45, ${toMillions(foreign.events)}: raw ÷ ours`,
            value: speedUp(foreign),
            bar: { atLeast: 10 },
          },
        ]),
  ];
}

/** A tenant whose users are spread thin, alone in its database: no question slower than raw, no rollups above the rows. */
async function runSparse(context: BenchContext): Promise<Verdict[]> {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  await using raw = await RawSummary.open(services.url);
  const ctx = await services.tenantContext();
  const history = {
    tenantId: ctx.tenant.id,
    events: 100_000,
    from: today - 3 * DAY_MS,
    to: today,
    users: 100_000,
    types: 20,
    devices: 4,
  };
  await load(context, { services, oracle }, history);
  await oracle.ask('VACUUM ANALYZE');
  const bytes = await measureBytes(oracle);
  context.print(
    `${toTable(
      ['sparse tenant', 'bytes', 'per event'],
      bytes.map(({ name, bytes: size }) => [name, String(size), (size / history.events).toFixed(0)]),
    )}\n`,
  );
  await tune(oracle);

  const range = { from: toText(history.from), to: toText(today) };
  const questions: Record<string, GroupedQuestion> = {
    'by day and type': toQuestion(range),
    'by day and device': { ...toQuestion(range), groupBy: 'device' },
    'by hour and type': { ...toQuestion(range), interval: 'hour' },
    'by hour and device': { ...toQuestion(range), interval: 'hour', groupBy: 'device' },
    'by day of +05:45 and type': toQuestion(range, 'Asia/Kathmandu'),
  };
  const measured: Measured[] = [];
  for (const [name, question] of Object.entries(questions)) {
    const options = { rounds: 7, timesPerRound: 3 };
    measured.push({ name: `sparse, ${name}`, events: history.events, ...(await compare(raw, ctx, question, options)) });
  }
  printComparisons(context, measured);
  const sizeOf = (of: string) =>
    bytes.filter(({ kind }) => kind === of).reduce((sum, { bytes: size }) => sum + size, 0);
  return [
    {
      name: 'sparse: the least of raw ÷ ours',
      value: Math.min(...measured.map(({ ours, raw: theirs }) => p50(theirs) / p50(ours))),
      bar: { atLeast: 1 },
    },
    { name: 'sparse: rollups ÷ raw rows, in bytes', value: sizeOf('rollup') / sizeOf('raw'), bar: { atMost: 1 } },
  ];
}

/** Tables with their indexes, partitions added up. */
async function measureBytes(oracle: Oracle): Promise<{ name: string; kind: string; bytes: number }[]> {
  const rows = await oracle.ask(
    `SELECT coalesce(inhparent::regclass::text, relname) AS name, sum(pg_total_relation_size(pg_class.oid)) AS bytes,
       CASE WHEN inhparent IS NOT NULL THEN 'raw' WHEN relname ~ '^(event_counts|user_sets|user_log)' THEN 'rollup' ELSE 'other' END AS kind
     FROM pg_class LEFT JOIN pg_inherits ON inhrelid = pg_class.oid
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace GROUP BY 1, 3 ORDER BY 3, 1`,
  );
  return rows
    .map(({ name, kind, bytes }) => ({ name: name ?? '', kind: kind ?? '', bytes: Number(bytes) }))
    .filter(({ kind }) => kind !== 'other');
}

async function load(
  { print }: BenchContext,
  { services, oracle }: { services: ServicesResource; oracle: Oracle },
  history: History,
): Promise<void> {
  const startedAt = performance.now();
  await loadHistory(oracle, services.resources, history);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  const isAudited = history.events <= MAX_AUDITED;
  if (isAudited) {
    const tenant = { oracle, tenantId: history.tenantId };
    const flaws = [...(await findCountFlaws(tenant)), ...(await findUserFlaws(tenant))];
    if (flaws.length > 0) throw new Error(`what was loaded is not what ingest makes: ${flaws.join('; ')}`);
  }
  print(`${toMillions(history.events)} events loaded in ${seconds} s${isAudited ? ', and audited' : ''}.`);
}

/** Everything the raw side can use: an index that holds all that is read, and statistics. */
async function tune(oracle: Oracle): Promise<void> {
  await oracle.ask('CREATE INDEX ON events (tenant_id, occurred_at) INCLUDE (type, device, user_ordinal)');
  await oracle.ask('VACUUM ANALYZE');
}

function printComparisons({ print }: BenchContext, measured: readonly Measured[]): void {
  const head = ['question', 'events', 'ours p50', 'ours p95', 'raw p50', 'raw form', 'raw ÷ ours'];
  const rows = measured.map(({ name, events, ours, raw, form }) => [
    name,
    toMillions(events),
    toMs(p50(ours)),
    toMs(p95(ours)),
    toMs(p50(raw)),
    form,
    (p50(raw) / p50(ours)).toFixed(1),
  ]);
  print(`\n${toTable(head, rows)}\n`);
}

function toMillions(events: number): string {
  return `${events / 1_000_000} M`;
}

function toText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
