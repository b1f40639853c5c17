import { z } from 'zod';

/** An IANA time zone name that this runtime knows, e.g. `Asia/Kathmandu`; bare offsets are no zones. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone name, for example Europe/Berlin or UTC');

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
