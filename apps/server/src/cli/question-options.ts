import {
  DEVICES,
  type Device,
  type Filters,
  LAST_RANGES,
  type LastRange,
  type PropertyFilter,
  type RangeInput,
} from '@tidemark/schemas';
import { Option } from 'commander';
import { CliError, EXIT } from './cli-error.ts';

export type RangeFlags = { readonly from?: string; readonly to?: string; readonly range?: LastRange };

/** Which time a question is about. */
export function rangeOptions(): Option[] {
  return [
    new Option('--last, --range <range>', 'the last so-much; 24h unless told otherwise').choices(LAST_RANGES),
    new Option('--from <instant>', 'from then on, for example 2026-11-01T00:00:00Z'),
    new Option('--to <instant>', 'before then'),
  ];
}

export function toRange({ from, to, range }: RangeFlags): RangeInput {
  if (from === undefined && to === undefined) return { last: range ?? '24h' };
  if (from !== undefined && to !== undefined && range === undefined) return { from, to };
  throw new CliError('give either --range, or --from and --to.', { exitCode: EXIT.usage });
}

export type FilterFlags = {
  readonly type?: readonly string[];
  readonly device?: readonly (Device | 'null')[];
  readonly user?: string;
  readonly where?: readonly string[];
};

/** Which events a question is about. */
export function filterOptions(): Option[] {
  return [
    new Option('--type <types...>', 'events of these types'),
    new Option('--device <devices...>', 'events of these devices').choices([...DEVICES, 'null']),
    new Option('--user <id>', 'events of this user'),
    new Option('--where <path=value...>', 'events with these properties, for example plan=pro cart.total=12'),
  ];
}

export function toFilters({ type, device, user, where }: FilterFlags): Filters {
  return {
    ...(type !== undefined && { types: [...type] }),
    ...(device !== undefined && { devices: device.map((one) => (one === 'null' ? null : one)) }),
    ...(user !== undefined && { userId: user }),
    ...(where !== undefined && { properties: toPropertyFilters(where) }),
  };
}

/** Values of the same property are alternatives; different properties must all be as given. */
export function toPropertyFilters(conditions: readonly string[]): PropertyFilter[] {
  const pairs = conditions.map((condition) => {
    const at = condition.indexOf('=');
    if (at > 0) return { path: condition.slice(0, at), value: toValue(condition.slice(at + 1)) };
    throw new CliError(`--where ${condition} must look like plan=pro.`, { exitCode: EXIT.usage });
  });
  return [...Map.groupBy(pairs, ({ path }) => path)].map(([path, same]) => ({
    path,
    in: same.map(({ value }) => value),
  }));
}

/** `12`, `true` and `null` are what JSON makes of them; everything else is text, as is what stands in quotes. */
function toValue(text: string): string | number | boolean | null {
  if (!/^(?:-?\d|true$|false$|null$|")/.test(text)) return text;
  try {
    return JSON.parse(text) as string | number | boolean | null;
  } catch {
    return text;
  }
}
