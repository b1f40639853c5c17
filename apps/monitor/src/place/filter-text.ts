import { type Filters, filtersSchema, type PropertyFilter } from '@tidemark/schemas';

type Value = PropertyFilter['in'][number];

/** A word, or `name=value`, whose value may stand in quotes. */
const TERM = /([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"]+)|("(?:[^"\\]|\\.)*"|[^\s="]+)/g;

/**
 * Filters as they are typed: `signup device=mobile user=ada plan=pro`. A bare word is a type; what is named twice may be
 * either; any other name is a property's path.
 */
export function parseFilterText(text: string): { readonly filters: Filters } | { readonly flaw: string } {
  if (!isReadable(text)) return { flaw: 'a backslash in quotes comes before " or \\ alone' };
  const terms = [...text.matchAll(TERM)].map(([, name = 'type', value, word = '']) => ({ name, value: value ?? word }));
  if (text.replace(TERM, '').trim() !== '') return { flaw: 'a quote is not closed, or a name has no value' };
  const valuesOf = (name: string) => terms.filter((term) => term.name === name).map(({ value }) => unquote(value));
  const [types, devices, users] = [valuesOf('type'), valuesOf('device'), valuesOf('user')];
  if (users.length > 1) return { flaw: 'one user at a time' };
  const others = Map.groupBy(
    terms.filter(({ name }) => !['type', 'device', 'user'].includes(name)),
    ({ name }) => name,
  );
  const parsed = filtersSchema.safeParse({
    ...(types.length > 0 && { types }),
    ...(devices.length > 0 && { devices: devices.map((device) => (device === 'none' ? null : device)) }),
    ...(users.length > 0 && { userId: users[0] }),
    ...(others.size > 0 && {
      properties: [...others].map(([path, same]) => ({ path, in: same.map(({ value }) => toValue(value)) })),
    }),
  });
  if (parsed.success) return { filters: parsed.data };
  const [issue] = parsed.error.issues;
  return { flaw: `${issue?.path[0]?.toString() ?? 'filter'}: ${issue?.message ?? 'cannot be read'}` };
}

/** The text that `parseFilterText` reads as these filters. */
export function toFilterText({ types = [], devices = [], userId, properties = [] }: Filters): string {
  return [
    ...types.map((type) => (type.includes('=') ? `type=${quote(type)}` : quote(type))),
    ...devices.map((device) => `device=${device ?? 'none'}`),
    ...(userId === undefined ? [] : [`user=${quote(userId)}`]),
    ...properties.flatMap(({ path, in: values }) => values.map((value) => `${path}=${toText(value)}`)),
  ].join(' ');
}

/** Numbers, true, false and null are what they are; text that looks like one of them stands in quotes. */
function toValue(text: string): Value {
  return text.startsWith('"') || !isJson(text) ? unquote(text) : (JSON.parse(text) as Value);
}

function toText(value: Value): string {
  if (typeof value !== 'string') return String(value);
  return isJson(value) ? JSON.stringify(value) : quote(value);
}

function isJson(text: string): boolean {
  return /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/.test(text);
}

function isReadable(text: string): boolean {
  return !/\\[^"\\]/.test(text.replaceAll('\\\\', ''));
}

function unquote(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

function quote(text: string): string {
  return /[\s"\\]|^$/.test(text) ? JSON.stringify(text) : text;
}
