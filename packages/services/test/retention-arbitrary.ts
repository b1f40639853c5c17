import type { RetentionInput, SummaryQuery } from '@tidemark/schemas';
import fc from 'fast-check';
import {
  type Anchor,
  eventArbitrary,
  HARD_ANCHORS,
  questionArbitrary,
  type ScenarioEvent,
  ZONES,
} from './scenario-arbitrary.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

export type RetentionStep =
  | { readonly kind: 'ingest'; readonly events: readonly ScenarioEvent[] }
  | { readonly kind: 'fold' }
  | { readonly kind: 'keep'; readonly setting: RetentionInput }
  /** So many steps of deleting, of so few rows that some stay behind. */
  | { readonly kind: 'trim'; readonly steps: number; readonly maxRows: number }
  | { readonly kind: 'move'; readonly timeZone: string }
  | { readonly kind: 'rebuild'; readonly steps: number };

export type RetentionScenario = {
  readonly tenantZone: string;
  readonly steps: readonly RetentionStep[];
  readonly question: SummaryQuery;
};

/** A tenant whose raw events and rollups go, horizon by horizon, about where its events and its questions are. */
export function retentionScenarioArbitrary(now: number): fc.Arbitrary<RetentionScenario> {
  const recent: readonly Anchor[] = [{ at: now, zone: 'UTC' }];
  return fc.constantFrom(...HARD_ANCHORS, ...recent).chain(({ at, zone }) => {
    const zones = fc.oneof(fc.constant(zone), fc.constantFrom(...ZONES));
    const events = fc.array(eventArbitrary(at, now), { minLength: 1, maxLength: 20 });
    const setting = fc
      .record({
        rawDays: fc.integer({ min: -4, max: 4 }).map((offset) => Math.max(1, Math.floor((now - at) / DAY_MS) + offset)),
        longer: fc.option(fc.nat({ max: 4 }), { nil: null, freq: 2 }),
      })
      .map(({ rawDays, longer }) => ({ rawDays, rollupDays: longer === null ? null : rawDays + longer }));
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('ingest' as const), events }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('fold' as const) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('keep' as const), setting }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('trim' as const),
          steps: fc.integer({ min: 1, max: 5 }),
          maxRows: fc.constantFrom(1, 7, 1_000),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), timeZone: zones }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('rebuild' as const), steps: fc.integer({ min: 1, max: 5 }) }),
      },
    );
    return fc.record({
      tenantZone: zones,
      steps: fc
        .tuple(events, setting, fc.array(step, { minLength: 2, maxLength: 8 }))
        .map(([first, kept, rest]): RetentionStep[] => [
          { kind: 'ingest', events: first },
          { kind: 'keep', setting: kept },
          { kind: 'trim', steps: 1, maxRows: 3 },
          ...rest,
        ]),
      question: alignedArbitrary(questionArbitrary(at, zones)),
    });
  });
}

/** Mostly from hour to hour or day to day and without a user, or hardly any question could be answered without raw rows. */
function alignedArbitrary(questions: fc.Arbitrary<SummaryQuery>): fc.Arbitrary<SummaryQuery> {
  return fc.tuple(questions, fc.constantFrom(1, HOUR_MS, HOUR_MS, DAY_MS)).map(([question, stepMs]) => {
    if (stepMs === 1) return question;
    const from = Math.floor(Date.parse(question.from ?? '') / stepMs) * stepMs;
    const to = Math.max(from + stepMs, Math.ceil(Date.parse(question.to ?? '') / stepMs) * stepMs);
    const interval = question.interval === 'minute' ? 'hour' : question.interval;
    const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    return { ...question, ...range, last: undefined, interval, userId: undefined };
  });
}
