import { toFilters } from '../filters/condition.ts';
import { type Ask, DEFAULT_VIEW, parseAsk, toSearch } from '../overview/view.ts';

/** How many events a second are shown at most: one by one, as fast as an eye follows, and as a stream. */
export const SPEEDS = [5, 20, 100] as const;
export type Speed = (typeof SPEEDS)[number];

const DEFAULT_SPEED: Speed = 20;

/** Which events are followed, and how fast. All of it is in the URL, under the same names as on the overview. */
export type TailView = Pick<Ask, 'timeZone' | 'conditions'> & { readonly speed: Speed };

export function parseTailView(params: Pick<URLSearchParams, 'get' | 'getAll'>): TailView {
  const { timeZone, conditions } = parseAsk(params);
  const speed = SPEEDS.find((one) => String(one) === params.get('speed')) ?? DEFAULT_SPEED;
  return { timeZone, conditions, speed };
}

export function toTailHref({ speed, ...ask }: TailView, tenant: string | undefined): string {
  const params = new URLSearchParams(toSearch({ ...DEFAULT_VIEW, ...ask }, tenant));
  if (speed !== DEFAULT_SPEED) params.set('speed', String(speed));
  return params.size === 0 ? '/live' : `/live?${params}`;
}

/** What was stored last: the rows that the tail goes on from. */
const LISTED = 100;

/** What the page asks: the last events, and the last minutes in numbers. */
export function toTailQuestions({ timeZone, conditions }: Pick<TailView, 'timeZone' | 'conditions'>) {
  const filters = toFilters(conditions);
  return {
    list: { ...filters, limit: LISTED },
    summary: { ...filters, last: '15m', interval: 'minute', groupBy: 'type', timeZone },
  } as const;
}
