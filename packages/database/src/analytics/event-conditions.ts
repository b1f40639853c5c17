import type { Filters, PropertyFilter } from '@tidemark/schemas';
import { type RawBuilder, sql } from 'kysely';
import { toDeviceCode } from '../device-codes.ts';

/** The filters as conditions over `event`, a row of events. */
export function eventConditions({ types, devices, userId, properties }: Filters): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (types !== undefined) conditions.push(sql`event.type = ANY(${types}::text[])`);
  if (devices !== undefined) conditions.push(sql`event.device = ANY(${devices.map(toDeviceCode)}::smallint[])`);
  if (userId !== undefined) conditions.push(sql`event.user_id = ${userId}`);
  for (const filter of properties ?? []) conditions.push(propertyCondition(filter));
  return conditions;
}

/** Null among the values also matches events that lack the property. */
function propertyCondition({ path, in: values }: PropertyFilter): RawBuilder<unknown> {
  const property = sql`(event.properties #> ${path.split('.')}::text[])`;
  const isAny = sql`${property} = ANY(${values.map((value) => JSON.stringify(value))}::jsonb[])`;
  return values.includes(null) ? sql`(${isAny} OR ${property} IS NULL)` : isAny;
}
