import type { NewEvent } from '@tidemark/database';
import { DAY_MS } from '../calendar/days.ts';
import { distinct } from './distinct.ts';

/** The UTC days that events fall on, in order. */
export function toUtcDays(events: readonly Pick<NewEvent, 'occurredAt'>[]): string[] {
  const days = distinct(events, ({ occurredAt }) => Math.floor(occurredAt / DAY_MS)).sort((one, other) => one - other);
  return days.map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
}
