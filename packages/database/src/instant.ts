import { type RawBuilder, sql } from 'kysely';

/** An instant (epoch ms) as a value of a statement. */
export function instant(epochMs: number): RawBuilder<number> {
  return sql<number>`${new Date(epochMs).toISOString()}::timestamptz`;
}

/** Instants (epoch ms) as one array value. */
export function instants(epochMs: readonly number[]): RawBuilder<unknown> {
  return sql`${epochMs.map((at) => new Date(at).toISOString())}::timestamptz[]`;
}
