import { z } from 'zod';
import { isStorableText } from './text.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Bytes of an event's properties as JSON in UTF-8. */
export const MAX_PROPERTIES_BYTES = 16 * 1024;
/** Deeper nesting is a mistake or an attack; PostgreSQL's own parser recurses. */
export const MAX_PROPERTIES_DEPTH = 32;

/** A value and the comma behind it are two bytes at least: more values than these are not worth reading to the end. */
const MAX_VALUES = MAX_PROPERTIES_BYTES / 2;

/** A JSON object that PostgreSQL's jsonb stores without loss, at most 16 KiB. */
export const propertiesSchema = z.custom<JsonObject>().superRefine((value, context) => {
  const flaw = findPropertiesFlaw(value);
  if (flaw !== undefined) context.addIssue({ code: 'custom', message: flaw.message, path: flaw.path });
});

type Flaw = { message: string; path: string[] };

/** What keeps a value from being an event's properties; undefined where nothing does. */
export function findPropertiesFlaw(value: unknown): Flaw | undefined {
  if (!isPlainObject(value)) return { message: 'must be a JSON object', path: [] };
  const flaw = findFlaw(value, MAX_PROPERTIES_DEPTH, { valuesLeft: MAX_VALUES });
  if (flaw !== undefined) return flaw;
  const json = JSON.stringify(value);
  // A UTF-16 unit takes at most three bytes, so most need no counting.
  if (json.length * 3 <= MAX_PROPERTIES_BYTES) return undefined;
  const bytes = new TextEncoder().encode(json).length;
  if (bytes <= MAX_PROPERTIES_BYTES) return undefined;
  return { message: `must be at most ${MAX_PROPERTIES_BYTES} bytes of JSON, but is ${bytes}`, path: [] };
}

type Budget = { valuesLeft: number };

function findFlaw(value: unknown, depthLeft: number, budget: Budget): Flaw | undefined {
  budget.valuesLeft -= 1;
  if (budget.valuesLeft < 0) return { message: `must be at most ${MAX_PROPERTIES_BYTES} bytes of JSON`, path: [] };
  if (typeof value !== 'object' || value === null) return findScalarFlaw(value);
  if (depthLeft === 0) return { message: `must be nested at most ${MAX_PROPERTIES_DEPTH} deep`, path: [] };
  for (const [key, child] of Object.entries(value)) {
    if (!isStorableText(key)) return { message: 'has a key with NUL characters or lone surrogates', path: [] };
    const flaw = findFlaw(child, depthLeft - 1, budget);
    if (flaw === undefined) continue;
    // Of too many values no one is at fault.
    return budget.valuesLeft < 0 ? flaw : { message: flaw.message, path: [key, ...flaw.path] };
  }
  return undefined;
}

function findScalarFlaw(value: unknown): Flaw | undefined {
  if (typeof value === 'string') {
    return isStorableText(value) ? undefined : { message: 'must not hold NUL characters or lone surrogates', path: [] };
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : { message: 'must be a finite number', path: [] };
  }
  return typeof value === 'boolean' || value === null ? undefined : { message: 'must be JSON', path: [] };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
