import { z } from 'zod';
import { DEVICES } from './device.ts';
import type { EventInput } from './event.ts';
import { INSTANT } from './instant.ts';
import { findPropertiesFlaw } from './json.ts';
import { isStorableText } from './text.ts';

const GUID = z.regexes.guid;

/**
 * Whether `eventInputSchema` takes a value as it stands, at a fraction of the schema's cost: most events are right, and
 * only for the others somebody wants to know why. False for what was not read from JSON (undefined, prototypes).
 */
export function isValidEvent(input: unknown): input is EventInput {
  if (typeof input !== 'object' || input === null || Object.getPrototypeOf(input) !== Object.prototype) return false;
  const event = input as Record<string, unknown>;
  for (const field of Object.keys(event)) {
    if (!isValidField(field, event[field])) return false;
  }
  return Object.hasOwn(event, 'type');
}

function isValidField(field: string, value: unknown): boolean {
  switch (field) {
    case 'id':
      return typeof value === 'string' && GUID.test(value);
    case 'type':
      return isText(value, 100);
    case 'occurredAt':
      return typeof value === 'string' && INSTANT.test(value);
    case 'userId':
    case 'sessionId':
      return isText(value, 200);
    case 'device':
      return (DEVICES as readonly unknown[]).includes(value);
    case 'properties':
      return findPropertiesFlaw(value) === undefined;
    default:
      return false;
  }
}

function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= max && isStorableText(value);
}
