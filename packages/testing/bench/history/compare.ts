import type { Summary, SummaryQuery } from '@tidemark/schemas';
import { querySummary, type TenantContext } from '@tidemark/services';
import { p50 } from '../../src/load/percentile.ts';
import { RAW_FORMS, type RawForm, type RawNumbers, type RawSummary } from './raw-summary.ts';

export type Comparison = {
  /** How long each answer took, in ms. */
  readonly ours: readonly number[];
  /** The raw form that was fastest. */
  readonly raw: readonly number[];
  readonly form: RawForm;
};

export type CompareOptions = { readonly rounds: number; readonly timesPerRound: number };

/**
 * Asks both sides the same grouped question in turn, warm, ours past every cache, and refuses to compare unless
 * they say the same.
 */
export async function compare(
  raw: RawSummary,
  ctx: TenantContext,
  question: SummaryQuery & { readonly groupBy: 'type' | 'device' },
  { rounds, timesPerRound }: CompareOptions,
): Promise<Comparison> {
  const ask = () => querySummary(ctx, { ...question, fresh: true });
  const answer = await ask();
  const edges = [...answer.series.map(({ start }) => start), answer.meta.range.to].map((instant) =>
    Date.parse(instant),
  );
  const rawQuestion = { tenantId: ctx.tenant.id, edges, by: question.groupBy };
  const times: Record<RawForm, number[]> = { 'users first': [], 'grouping sets': [] };
  const ours: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const form of RAW_FORMS) {
      const [took, numbers] = await time(() => raw.ask(form, rawQuestion));
      assertSame(numbers, toNumbers(answer), form);
      // The first round warms.
      if (round > 0) times[form].push(took);
    }
    for (let turn = 0; turn < timesPerRound; turn++) {
      const [took] = await time(ask);
      if (round > 0) ours.push(took);
    }
  }
  const form = RAW_FORMS.reduce((best, each) => (p50(times[each]) < p50(times[best]) ? each : best));
  return { ours, raw: times[form], form };
}

function toNumbers({ totals, series }: Summary): RawNumbers {
  const cells = series.flatMap(({ groups = [] }) => groups.map(({ users }) => users));
  return { events: totals.events, users: totals.users, cells: cells.reduce((sum, users) => sum + users, 0) };
}

function assertSame(raw: RawNumbers, ours: RawNumbers, form: RawForm): void {
  const [one, other] = [JSON.stringify(raw), JSON.stringify(ours)];
  if (one !== other) throw new Error(`the sides disagree (${form}): raw ${one}, ours ${other}`);
}

async function time<Result>(work: () => Promise<Result>): Promise<[ms: number, result: Result]> {
  const startedAt = performance.now();
  const result = await work();
  return [performance.now() - startedAt, result];
}
