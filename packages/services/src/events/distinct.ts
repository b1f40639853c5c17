/** The values that items have, each once, in the order of their first. */
export function distinct<Item, Value>(items: readonly Item[], toValue: (item: Item) => Value): Value[] {
  const values = new Set<Value>();
  for (const item of items) values.add(toValue(item));
  return [...values];
}
