import { TidemarkError } from '@tidemark/services';

const LISTS = ['types', 'devices'];

/**
 * A query string as the input of an export: `types` and `devices` may stand several times (`devices=null`: events
 * without one), `properties` is JSON, everything else stands once.
 */
export function toExportInput(search: URLSearchParams): Record<string, unknown> {
  // Without a prototype, so that no name means anything else.
  const input: Record<string, unknown> = Object.create(null);
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    if (LISTS.includes(name)) input[name] = name === 'devices' ? values.map(toDevice) : values;
    else if (values.length > 1) throw refuse(name, 'must stand once');
    else input[name] = name === 'properties' ? parseJson(name, values[0] ?? '') : values[0];
  }
  return { ...input };
}

function toDevice(value: string): string | null {
  return value === 'null' ? null : value;
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse(name, 'must be JSON, for example [{"path":"plan","in":["pro"]}]', { cause });
  }
}

function refuse(name: string, message: string, options?: ErrorOptions): TidemarkError {
  const path = name.slice(0, 200);
  return new TidemarkError('invalid_input', `${path}: ${message}`, { issues: [{ path, message }] }, options);
}
