import fc from 'fast-check';
import { z } from 'zod';
import { awkwardText } from './hostile-value.ts';

/** Fields that belong together, or mean more than their schema says, such as a range or a zone. */
export type Hint = { readonly fields: readonly string[]; readonly arbitrary: fc.Arbitrary<Record<string, unknown>> };

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** Longer lists add nothing but time. */
const MAX_EXTRA_ITEMS = 3;
const MAX_TEXT = 60;

/** What a schema accepts, made from its own description; what its refinements refuse all the same is left out. */
export function schemaArbitrary(schema: z.ZodType, hints: readonly Hint[]): fc.Arbitrary<unknown> {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return toArbitrary(described, hints)
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
    .filter((value) => schema.safeParse(value).success);
}

function toArbitrary(schema: z.core.JSONSchema._JSONSchema, hints: readonly Hint[]): fc.Arbitrary<unknown> {
  if (typeof schema === 'boolean') return fc.jsonValue();
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom<unknown>(...schema.enum);
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants !== undefined) return fc.oneof(...variants.map((one) => toArbitrary(one, hints)));
  const { type } = schema;
  if (type === undefined || Array.isArray(type)) return fc.jsonValue();
  switch (type) {
    case 'object':
      return objectArbitrary(schema, hints);
    case 'array': {
      const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items } = schema;
      const item = items === undefined || Array.isArray(items) ? fc.jsonValue() : toArbitrary(items, hints);
      return fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems, minItems + MAX_EXTRA_ITEMS) });
    }
    case 'string':
      return stringArbitrary(schema);
    case 'integer': {
      const { minimum = -(2 ** 31), maximum = 2 ** 31 } = schema;
      return fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31) });
    }
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
  }
}

/** Optional fields are mostly absent: each given one narrows the answer down. */
function objectArbitrary(schema: JsonSchema, hints: readonly Hint[]): fc.Arbitrary<unknown> {
  const left = new Map(Object.entries(schema.properties ?? {}));
  const parts: fc.Arbitrary<Record<string, unknown>>[] = [];
  for (const { fields, arbitrary } of hints) {
    if (!fields.every((field) => left.has(field))) continue;
    const isRequired = fields.some((field) => schema.required?.includes(field));
    parts.push(isRequired ? arbitrary : seldom(arbitrary, fields.length));
    for (const field of fields) left.delete(field);
  }
  for (const [field, value] of left) {
    const one = toArbitrary(value, hints).map((given) => ({ [field]: given }));
    parts.push(schema.required?.includes(field) ? one : seldom(one, 1));
  }
  return fc.tuple(...parts).map((given) => Object.assign({}, ...given) as unknown);
}

/** What stands together, as a range does, is mostly given; a lone option seldom. */
function seldom(arbitrary: fc.Arbitrary<Record<string, unknown>>, fields: number) {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<Record<string, unknown>>({}) },
    { weight: fields > 1 ? 27 : 1, arbitrary },
  );
}

function stringArbitrary({ format, pattern, minLength = 0, maxLength = MAX_TEXT }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') {
    const [min, max] = [new Date('1970-01-01'), new Date('2199-12-31')];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const text = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + MAX_TEXT) });
  return fc.oneof(text, awkwardText).filter(({ length }) => length >= minLength && length <= maxLength);
}
