import type { BreakdownInput, SummaryInput } from '@tidemark/schemas';

/** What a page of the dashboard asks: eight panels, all of them about a range that goes on to this moment. */
export const PANELS = [
  { asks: 'summary', input: { last: '24h', compare: 'previous' } },
  { asks: 'summary', input: { last: '24h', groupBy: 'type' } },
  { asks: 'summary', input: { last: '7d', groupBy: 'device' } },
  { asks: 'summary', input: { last: '30d', compare: 'previous' } },
  { asks: 'summary', input: { last: '1h', interval: 'minute' } },
  { asks: 'summary', input: { last: '15m', types: ['page_view'] } },
  { asks: 'breakdown', input: { last: '24h', by: 'device', limit: 50 } },
  { asks: 'breakdown', input: { last: '7d', by: 'type', limit: 50 } },
] as const satisfies readonly (
  | { readonly asks: 'summary'; readonly input: SummaryInput }
  | { readonly asks: 'breakdown'; readonly input: BreakdownInput }
)[];
export type Panel = (typeof PANELS)[number];

export const VIEWERS = 20;
export const REFRESH_MS = 5_000;
export const EVENTS_PER_SECOND = 100;
/** Events arrive ten at a time. */
export const INGEST_EVERY_MS = 100;

export type Step =
  | { readonly at: number; readonly does: 'refresh'; readonly viewer: number }
  | { readonly at: number; readonly does: 'ingest'; readonly batch: number };

/** Who does what when, in ms from the start: the same at every run. */
export function makeTrace(seconds: number): Step[] {
  const end = seconds * 1_000;
  const steps: Step[] = [];
  for (let viewer = 0; viewer < VIEWERS; viewer++) {
    // Spread over the interval by the golden ratio, as people who opened their pages whenever they did.
    const phase = Math.round(((viewer * 0.618_033_988_749_895) % 1) * REFRESH_MS);
    for (let at = phase; at < end; at += REFRESH_MS) steps.push({ at, does: 'refresh', viewer });
  }
  for (let batch = 0; batch * INGEST_EVERY_MS < end; batch++) {
    steps.push({ at: batch * INGEST_EVERY_MS, does: 'ingest', batch });
  }
  return steps.sort((one, other) => one.at - other.at);
}
