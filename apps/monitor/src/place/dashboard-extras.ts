import type { Filters, PropertyFilter } from '@tidemark/schemas';

type Value = PropertyFilter['in'][number];

/**
 * What the dashboard counts besides the filters that it is opened with: an address has only text, so that 5 and "5", or true
 * and "true", are one value there.
 */
export function toDashboardExtras({ properties = [] }: Filters): Filters {
  const extras = properties.flatMap(({ path, in: values }) => {
    const others = values.flatMap(toTwin).filter((twin) => !values.includes(twin));
    return others.length === 0 ? [] : [{ path, in: others }];
  });
  return extras.length === 0 ? {} : { properties: extras };
}

/** The other value with the same text, if there is one. */
function toTwin(value: Value): Value[] {
  if (value === null) return [];
  if (typeof value !== 'string') return [String(value)];
  if (value === 'true' || value === 'false') return [value === 'true'];
  const number = Number(value);
  return Number.isFinite(number) && String(number) === value ? [number] : [];
}
