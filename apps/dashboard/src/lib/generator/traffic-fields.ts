import { parseDateTime, toZoned } from '@internationalized/date';
import type { Device, GenerateInput } from '@tidemark/schemas';
import { toWallTime } from '../format/zoned.ts';

/** What the form holds, as it was typed; times are those of the tenant's clocks. */
export type TrafficFields = {
  readonly count: string;
  readonly from: string;
  readonly to: string;
  /** Names with commas between; empty: those of a shop. */
  readonly types: string;
  /** None: all of them. */
  readonly devices: readonly Device[];
  readonly users: string;
  readonly seed: string;
};

/** What is wrong with fields that cannot even be sent, by field. What can be, the API judges. */
export type FieldIssues = Readonly<Record<string, string>>;

const WHOLE = 'Must be a whole number, for example 10000';
const TIME = 'Must be a date and a time';

/** What the API is asked for, or what is in the way of asking. */
export function toGenerateInput(
  fields: TrafficFields,
  timeZone: string,
): { readonly input: GenerateInput } | { readonly issues: FieldIssues } {
  const { devices, seed } = fields;
  const types = fields.types.split(',').flatMap((type) => (type.trim() === '' ? [] : [type.trim()]));
  const count = toWhole(fields.count);
  const users = fields.users.trim() === '' ? null : toWhole(fields.users);
  const from = toInstant(fields.from, timeZone);
  const to = toInstant(fields.to, timeZone);
  if (count === undefined || users === undefined || from === undefined || to === undefined) {
    const issues = {
      ...(count === undefined && { count: WHOLE }),
      ...(users === undefined && { users: WHOLE }),
      ...(from === undefined && { from: TIME }),
      ...(to === undefined && { to: TIME }),
    };
    return { issues };
  }
  return {
    input: {
      count,
      from,
      to,
      ...(types.length > 0 && { types }),
      ...(devices.length > 0 && { devices: [...devices] }),
      ...(users !== null && { users }),
      ...(seed.trim() !== '' && { seed: seed.trim() }),
    },
  };
}

/** People write 10,000 and 10 000. */
function toWhole(text: string): number | undefined {
  const digits = text.replaceAll(/[\s,_]/g, '');
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

function toInstant(local: string, timeZone: string): string | undefined {
  try {
    return toZoned(parseDateTime(local), timeZone).toAbsoluteString();
  } catch {
    return undefined;
  }
}

/** An instant as a field of date and time holds it. */
export function toLocalTime(epochMs: number, timeZone: string): string {
  const { year, month, day, hour, minute } = toWallTime(new Date(epochMs).toISOString(), timeZone);
  const [mm, dd, hh, min] = [month, day, hour, minute].map((part) => String(part).padStart(2, '0'));
  return `${year}-${mm}-${dd}T${hh}:${min}`;
}
