import pg from 'pg';

/** The numbers of a daily summary, as far as the two sides are compared. */
export type RawNumbers = { readonly events: number; readonly users: number; readonly cells: number };

export type RawQuestion = {
  readonly tenantId: string;
  /** Edges of the buckets, epoch ms. */
  readonly edges: readonly number[];
  readonly by: 'type' | 'device';
};

/**
 * One statement that answers a grouped summary (events and distinct users of the whole, of each bucket, of each
 * group, and of each group in each bucket) from raw rows. Which is fastest depends on the data, so all are timed.
 */
const FORMS = {
  /** Counts per bucket, group and user first, which PostgreSQL can do in parallel; then four times from those. */
  'users first': (by: string) => `
    WITH seen AS MATERIALIZED (
      SELECT width_bucket(occurred_at, $2::timestamptz[]) AS bucket, ${by} AS key, user_ordinal, count(*) AS events
      FROM events WHERE tenant_id = $1 AND occurred_at >= $3 AND occurred_at < $4 GROUP BY 1, 2, 3
    ), by_bucket AS (SELECT bucket, user_ordinal, sum(events) AS events FROM seen GROUP BY 1, 2),
    by_key AS (SELECT key, user_ordinal, sum(events) AS events FROM seen GROUP BY 1, 2)
    SELECT bucket, key, sum(events)::bigint AS events, count(user_ordinal) AS users FROM seen GROUP BY 1, 2
    UNION ALL SELECT bucket, NULL, sum(events)::bigint, count(user_ordinal) FROM by_bucket GROUP BY 1
    UNION ALL SELECT NULL, key, sum(events)::bigint, count(user_ordinal) FROM by_key GROUP BY 2
    UNION ALL SELECT NULL, NULL, sum(events)::bigint, count(user_ordinal)
      FROM (SELECT user_ordinal, sum(events) AS events FROM by_key GROUP BY 1) AS whole`,
  'grouping sets': (by: string) => `
    SELECT bucket, key, count(*) AS events, count(DISTINCT user_ordinal) AS users
    FROM (
      SELECT width_bucket(occurred_at, $2::timestamptz[]) AS bucket, ${by} AS key, user_ordinal
      FROM events WHERE tenant_id = $1 AND occurred_at >= $3 AND occurred_at < $4
    ) AS chosen
    GROUP BY GROUPING SETS ((bucket, key), (bucket), (key), ())`,
} as const;

export type RawForm = keyof typeof FORMS;
export const RAW_FORMS = Object.keys(FORMS) as RawForm[];

/** The other side: raw SQL with all the help it can use, on a connection of its own. */
export class RawSummary implements AsyncDisposable {
  readonly #client: pg.Client;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<RawSummary> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`SET work_mem = '1GB'; SET max_parallel_workers_per_gather = 4; SET TimeZone = 'UTC'; SET jit = off;
      SET hash_mem_multiplier = 2; SET random_page_cost = 1.1; SET effective_cache_size = '8GB'`);
    return new RawSummary(client);
  }

  async ask(form: RawForm, { tenantId, edges, by }: RawQuestion): Promise<RawNumbers> {
    const instants = edges.map((at) => new Date(at).toISOString());
    const { rows } = await this.#client.query<{
      bucket: number | null;
      key: string | null;
      events: string;
      users: string;
    }>(FORMS[form](by), [tenantId, instants, instants[0], instants.at(-1)]);
    const whole = rows.find(({ bucket, key }) => bucket === null && key === null);
    const cells = rows.filter(({ bucket, key }) => bucket !== null && key !== null);
    return {
      events: Number(whole?.events),
      users: Number(whole?.users),
      cells: cells.reduce((sum, { users }) => sum + Number(users), 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}
