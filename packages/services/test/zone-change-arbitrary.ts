import type { SummaryQuery } from '@tidemark/schemas';
import fc from 'fast-check';
import {
  type Anchor,
  eventArbitrary,
  HARD_ANCHORS,
  questionArbitrary,
  type ScenarioEvent,
  ZONES,
} from './scenario-arbitrary.ts';

/** What happens to a tenant next, on one of two servers. */
export type ZoneStep = { readonly isOtherServer: boolean } & (
  | { readonly kind: 'ingest'; readonly events: readonly ScenarioEvent[] }
  | { readonly kind: 'fold' }
  | { readonly kind: 'move'; readonly timeZone: string }
  | { readonly kind: 'rebuild'; readonly steps: number; readonly maxEvents: number }
);

export type ZoneScenario = {
  readonly tenantZone: string;
  readonly steps: readonly ZoneStep[];
  readonly question: SummaryQuery;
};

/** A tenant whose zone changes while events arrive, are folded, and its rollups are brought to it, step by step. */
export function zoneScenarioArbitrary(now: number): fc.Arbitrary<ZoneScenario> {
  const recent: readonly Anchor[] = [{ at: now, zone: 'UTC' }];
  return fc.constantFrom(...HARD_ANCHORS, ...recent).chain(({ at, zone }) => {
    const zones = fc.oneof(fc.constant(zone), fc.constantFrom(...ZONES));
    const events = fc.array(eventArbitrary(at, now), { minLength: 1, maxLength: 20 });
    const what = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('ingest' as const), events }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('fold' as const) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), timeZone: zones }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('rebuild' as const),
          steps: fc.integer({ min: 1, max: 6 }),
          maxEvents: fc.constantFrom(1, 5, 1_000),
        }),
      },
    );
    const step = fc.tuple(what, fc.boolean()).map(([one, isOtherServer]): ZoneStep => ({ ...one, isOtherServer }));
    return fc.record({
      tenantZone: zones,
      steps: fc
        .tuple(events, fc.array(step, { minLength: 2, maxLength: 8 }))
        .map(([first, rest]): ZoneStep[] => [{ kind: 'ingest', events: first, isOtherServer: false }, ...rest]),
      question: fc.tuple(questionArbitrary(at, zones), zones, fc.nat({ max: 3 })).map(toWholeDays),
    });
  });
}

/** Mostly whole days of one of the zones, or rows of days would hardly ever be asked for. */
function toWholeDays([question, zone, chance]: [SummaryQuery, string, number]): SummaryQuery {
  if (chance === 0) return question;
  const dayOf = (instant: string | undefined) =>
    Temporal.Instant.from(instant ?? '')
      .toZonedDateTimeISO(zone)
      .startOfDay();
  const from = dayOf(question.from);
  const to = dayOf(question.to).add({ days: 1 });
  const range = { from: toIso(from), to: toIso(to) };
  return {
    ...question,
    ...range,
    last: undefined,
    interval: question.interval === 'minute' ? 'day' : question.interval,
  };
}

function toIso(time: Temporal.ZonedDateTime): string {
  return new Date(time.epochMilliseconds).toISOString();
}
