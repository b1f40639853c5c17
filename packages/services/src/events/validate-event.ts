import { type NewEvent, toDeviceCode } from '@tidemark/database';
import { type EventInput, eventInputSchema, isValidEvent, type Rejection, toInstant } from '@tidemark/schemas';
import { makeUuidV7, timeOfUuidV7 } from './uuid-v7.ts';

/** Clocks of senders are wrong by hours, not days. */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1_000;
const MAX_YEARS_BACK = 20;
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;
/** A field's name is the sender's own, and may be as long as a body. */
const MAX_PATH_LENGTH = 200;

/** One event of a batch: ready to store, or refused with what could be read of its identity. */
export type Judged =
  | {
      readonly event: NewEvent;
      /** Its time as a receipt spells it. */
      readonly occurredAt: string;
      readonly rejection?: undefined;
    }
  | {
      readonly event?: undefined;
      readonly rejection: Rejection;
      readonly id: string | null;
      /** As a receipt spells it, where it could be read. */
      readonly occurredAt: string | null;
    };

/** Judges one event by itself. `now` is when it was received, in epoch ms. */
export function validateEvent(input: unknown, now: number): Judged {
  if (isValidEvent(input)) return judge(input, now);
  const parsed = eventInputSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    return refuse(readId(input), null, {
      code: 'invalid_field',
      path: [...(issue?.path ?? []), ...unknown].join('.').slice(0, MAX_PATH_LENGTH),
      message: issue?.message ?? 'must be an event',
    });
  }
  return judge(parsed.data, now);
}

/** Judges an event whose fields are right. */
function judge(input: EventInput, now: number): Judged {
  const { id = makeUuidV7(now), type, userId, sessionId, device, properties } = input;
  const occurredAt = input.occurredAt === undefined ? timeOfUuidV7(id) : Date.parse(input.occurredAt);
  if (occurredAt === undefined) {
    return refuse(id, null, {
      code: 'missing_time',
      path: 'occurredAt',
      message: 'is needed, because the id is not a UUIDv7 that holds a time',
    });
  }
  const rejection = checkTime(occurredAt, now);
  if (rejection !== undefined) return refuse(input.id ?? null, occurredAt, rejection);
  return {
    event: {
      id: id.toLowerCase(),
      occurredAt,
      receivedAt: now,
      type,
      userId: userId ?? null,
      sessionId: sessionId ?? null,
      device: toDeviceCode(device),
      properties: JSON.stringify(properties ?? {}),
    },
    occurredAt: isSpelt(input.occurredAt) ? input.occurredAt : toInstant(occurredAt),
  };
}

/** Whether a valid instant has milliseconds and `Z` already: spelling one costs more than all else of a receipt. */
function isSpelt(instant: string | undefined): instant is string {
  return instant?.length === 24 && instant.endsWith('Z');
}

function checkTime(occurredAt: number, now: number): Rejection | undefined {
  if (occurredAt > now + MAX_AHEAD_MS) {
    return {
      code: 'too_far_ahead',
      path: 'occurredAt',
      message: 'lies more than 24 hours ahead of the server’s clock',
    };
  }
  // Most are of these days: only what is nearly too old is worth a calendar.
  if (occurredAt < now - (MAX_YEARS_BACK - 1) * YEAR_MS && occurredAt < oldestAt(now)) {
    return { code: 'too_far_back', path: 'occurredAt', message: `lies more than ${MAX_YEARS_BACK} years back` };
  }
  return undefined;
}

function oldestAt(now: number): number {
  const oldest = new Date(now);
  return oldest.setUTCFullYear(oldest.getUTCFullYear() - MAX_YEARS_BACK);
}

/** A time that four digits of a year cannot hold is not said back: receipts could not spell it. */
function refuse(id: string | null, occurredAt: number | null, rejection: Rejection): Judged {
  const isSayable = occurredAt !== null && occurredAt >= YEAR_0 && occurredAt < YEAR_10000;
  return { rejection, id: id?.toLowerCase() ?? null, occurredAt: isSayable ? toInstant(occurredAt) : null };
}

const YEAR_0 = Date.parse('0000-01-01T00:00:00Z');
const YEAR_10000 = Date.UTC(10_000, 0);

function readId(input: unknown): string | null {
  const id = typeof input === 'object' && input !== null && 'id' in input ? input.id : undefined;
  const parsed = eventInputSchema.shape.id.safeParse(id);
  return parsed.data ?? null;
}
