/** "UTC+01:00" as the zone stands now. */
export function toOffset(timeZone: string, at: number): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? 'UTC' : name.replace('GMT', 'UTC');
}

/** Every zone this machine knows, the likely ones first. */
export function toTimeZones(likely: readonly string[]): string[] {
  return [...new Set([...likely, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
}
