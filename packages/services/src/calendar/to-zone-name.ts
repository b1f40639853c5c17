import { TidemarkError } from '../tidemark-error.ts';

const EPOCH = Temporal.Instant.fromEpochMilliseconds(0);

/**
 * A zone's name as IANA spells it, however it was typed: `utc` is `UTC`. Links keep their own name, unlike with Intl,
 * which would give Asia/Kolkata back as Asia/Calcutta. Refuses abbreviations that Intl alone takes, such as `PST`.
 */
export function toZoneName(timeZone: string): string {
  try {
    return EPOCH.toZonedDateTimeISO(timeZone).timeZoneId;
  } catch (cause) {
    throw noZone(cause);
  }
}

function noZone(cause: unknown): TidemarkError {
  const [path, message] = ['timeZone', 'must be an IANA time zone name, for example Europe/Berlin or UTC'];
  return new TidemarkError('invalid_input', `${path}: ${message}`, { issues: [{ path, message }] }, { cause });
}
