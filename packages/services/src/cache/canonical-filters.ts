import type { Filters } from '@tidemark/schemas';
import { canonicalJson } from '../canonical-json.ts';

/** Filters in one order and without repeats, so that a question is one however it is written. */
export function canonicalFilters({ types, devices, userId, properties }: Filters): Filters {
  return {
    types: types && toSet(types),
    devices: devices && toSet(devices),
    userId,
    properties: properties && toSet(properties.map(({ path, in: values }) => ({ path, in: toSet(values) }))),
  };
}

function toSet<Item>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [canonicalJson(item), item])).entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, item]) => item);
}
