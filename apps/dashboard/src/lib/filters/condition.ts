import type { Device, Filters } from '@tidemark/schemas';
import { toKeyName } from '../format/key-name.ts';

/** One thing that an event must be to count; a null key asks for events that have none. */
export type Condition =
  | { readonly field: 'type'; readonly key: string }
  | { readonly field: 'device'; readonly key: Device | null }
  | { readonly field: 'user'; readonly key: string }
  | { readonly field: 'property'; readonly path: string; readonly key: string | null };

// Written out, not imported: what the schemas export as values brings their validator to the browser.
export const DEVICES = ['desktop', 'mobile', 'tablet', 'server', 'other'] as const satisfies readonly Device[];

type Params = Pick<URLSearchParams, 'get' | 'getAll'>;

/** Reads the conditions of a URL; what it does not understand is as if it were absent. */
export function parseConditions(params: Params): Condition[] {
  const user = params.get('user');
  return [
    ...params.getAll('type').flatMap((key): Condition[] => (key === '' ? [] : [{ field: 'type', key }])),
    ...params.getAll('device').flatMap((text): Condition[] => {
      const key = text === '' ? null : DEVICES.find((device) => device === text);
      return key === undefined ? [] : [{ field: 'device', key }];
    }),
    ...(user === null || user === '' ? [] : [{ field: 'user', key: user } as const]),
    ...params.getAll('where').flatMap(parseWhere),
  ];
}

/** Writes them as `parseConditions` reads them. */
export function writeConditions(conditions: readonly Condition[], params: URLSearchParams): void {
  for (const condition of conditions) {
    if (condition.field === 'property') params.append('where', toWhere(condition));
    else params.append(condition.field, condition.key ?? '');
  }
}

const toWhere = ({ path, key }: { path: string; key: string | null }): string =>
  key === null ? encodeURIComponent(path) : `${encodeURIComponent(path)}:${key}`;

function parseWhere(text: string): Condition[] {
  const colon = text.indexOf(':');
  try {
    const path = decodeURIComponent(colon === -1 ? text : text.slice(0, colon));
    return path === '' ? [] : [{ field: 'property', path, key: colon === -1 ? null : text.slice(colon + 1) }];
  } catch {
    return [];
  }
}

/** Puts a condition in force, or takes it away where it is; there is room for one user only. */
export function toggleCondition(conditions: readonly Condition[], one: Condition): Condition[] {
  const others = conditions.filter((other) => toId(other) !== toId(one));
  if (others.length < conditions.length) return others;
  return [...others.filter(({ field }) => field !== 'user' || one.field !== 'user'), one];
}

export const hasCondition = (conditions: readonly Condition[], one: Condition): boolean =>
  conditions.some((other) => toId(other) === toId(one));

/** Tells conditions apart. */
export const toId = (condition: Condition): string =>
  JSON.stringify([condition.field, condition.field === 'property' ? condition.path : null, condition.key]);

/** "type: page_view", "plan: Not given" */
export function toConditionName(condition: Condition): { field: string; value: string } {
  const field = condition.field === 'property' ? condition.path : condition.field;
  return { field, value: toKeyName(condition.key) };
}

/** The same as the API asks for them: any of the values of a field, all of the fields. */
export function toFilters(conditions: readonly Condition[]): Filters {
  const types = conditions.flatMap((one) => (one.field === 'type' ? [one.key] : []));
  const devices = conditions.flatMap((one) => (one.field === 'device' ? [one.key] : []));
  const userId = conditions.find((one) => one.field === 'user')?.key;
  const paths = Map.groupBy(
    conditions.filter((one) => one.field === 'property'),
    ({ path }) => path,
  );
  const properties = [...paths].map(([path, ones]) => ({ path, in: ones.flatMap(({ key }) => toValues(key)) }));
  return {
    ...(types.length > 0 && { types }),
    ...(devices.length > 0 && { devices }),
    ...(userId !== undefined && { userId }),
    ...(properties.length > 0 && { properties }),
  };
}

/** A row's key looks the same for the text "5" and the number 5, and counts both. */
function toValues(key: string | null): (string | number | boolean | null)[] {
  if (key === null) return [null];
  if (key === 'true' || key === 'false') return [key, key === 'true'];
  const number = Number(key);
  return key.trim() !== '' && String(number) === key && Number.isFinite(number) ? [key, number] : [key];
}
