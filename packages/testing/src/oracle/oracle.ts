import type { SummaryInput } from '@tidemark/schemas';
import pg from 'pg';

/** A question with its range resolved. */
export type OracleQuestion = Pick<SummaryInput, 'types' | 'devices' | 'userId' | 'groupBy'> & {
  readonly tenantId: string;
  readonly from: string;
  readonly to: string;
  readonly interval: 'minute' | 'hour' | 'day' | 'week' | 'month';
  readonly timeZone: string;
  readonly groupLimit: number;
};

/** One brute-force number; `bucket` as PostgreSQL truncates it, `key` of a group. */
export type OracleRow = { bucket: string; key: string | null; isOther: boolean; events: number; users: number };

/**
 * The brute-force truth: counts over the raw rows of `events` alone, on a connection of its own and past
 * every rollup. Buckets are PostgreSQL's `date_trunc` in the zone, never our calendar's.
 */
export class Oracle implements AsyncDisposable {
  readonly #client: pg.Client;

  constructor(url: string) {
    this.#client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (text: string) => text } });
  }

  static async open(url: string): Promise<Oracle> {
    const oracle = new Oracle(url);
    await oracle.#client.connect();
    return oracle;
  }

  /** Rows of any statement, every value as PostgreSQL's text. */
  async ask(text: string, values: readonly unknown[] = []): Promise<Record<string, string | null>[]> {
    const { rows } = await this.#client.query<Record<string, string | null>>(text, [...values]);
    return rows;
  }

  /** Events and distinct users of the whole range, and of each bucket. */
  async count(question: OracleQuestion): Promise<{ total: OracleRow; buckets: OracleRow[] }> {
    const [total] = await this.#rows(question, `''`, `''`);
    const buckets = await this.#rows(question, BUCKET, `''`);
    return { total: total ?? { bucket: '', key: '', isOther: false, events: 0, users: 0 }, buckets };
  }

  /** The same by group: those beyond the limit, by events and then by name, are one. */
  async countGroups(question: OracleQuestion): Promise<{ total: OracleRow[]; buckets: OracleRow[] }> {
    const key = question.groupBy === 'type' ? 'type' : DEVICE;
    return { total: await this.#rows(question, `''`, key), buckets: await this.#rows(question, BUCKET, key) };
  }

  async #rows(question: OracleQuestion, bucket: string, key: string): Promise<OracleRow[]> {
    const rows = await this.ask(
      `WITH chosen AS (
         SELECT ${bucket} AS bucket, ${key} AS key, user_id FROM events
         WHERE tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3
           AND ($6::text[] IS NULL OR type = ANY($6))
           AND ($7::text[] IS NULL OR coalesce(${DEVICE}, 'none') = ANY($7))
           AND ($8::text IS NULL OR user_id = $8)
           AND $4::text IS NOT NULL AND $5::text IS NOT NULL
       ), ranked AS (
         SELECT key, row_number() OVER (ORDER BY count(*) DESC, coalesce(key, '') COLLATE "C") > $9 AS is_other
         FROM chosen GROUP BY key
       )
       SELECT bucket, CASE WHEN is_other THEN 'other' ELSE ranked.key END AS key, is_other,
         count(*) AS events, count(DISTINCT user_id) AS users
       FROM chosen JOIN ranked ON ranked.key IS NOT DISTINCT FROM chosen.key
       GROUP BY 1, 2, 3`,
      [
        question.tenantId,
        question.from,
        question.to,
        question.interval,
        question.timeZone,
        question.types ?? null,
        question.devices?.map((device) => device ?? 'none') ?? null,
        question.userId ?? null,
        question.groupLimit,
      ],
    );
    return rows.map((row) => ({
      bucket: row.bucket ?? '',
      key: row.key ?? null,
      isOther: row.is_other === 't',
      events: Number(row.events),
      users: Number(row.users),
    }));
  }

  /** The bucket that PostgreSQL puts each instant into. */
  async truncate(instants: readonly string[], interval: string, timeZone: string): Promise<string[]> {
    const rows = await this.ask(
      `SELECT ${BUCKET.replace('occurred_at', 'instant')} AS bucket
       FROM unnest($1::timestamptz[]) WITH ORDINALITY AS given(instant, place), (SELECT $2::text, $3::text) AS _
       ORDER BY place`
        .replaceAll('$4', '$2')
        .replaceAll('$5', '$3'),
      [instants, interval, timeZone],
    );
    return rows.map(({ bucket }) => bucket ?? '');
  }

  /** The range before: by whole local days where both ends are midnights, else by its own duration. */
  async previousRange({ from, to, timeZone }: Pick<OracleQuestion, 'from' | 'to' | 'timeZone'>): Promise<string[]> {
    const [row] = await this.ask(
      `SELECT CASE WHEN a = date_trunc('day', a, $3) AND b = date_trunc('day', b, $3)
         THEN (((a AT TIME ZONE $3)::date - ((b AT TIME ZONE $3)::date - (a AT TIME ZONE $3)::date))::timestamp AT TIME ZONE $3)
         ELSE a - (b - a) END AS start, a AS "end"
       FROM (SELECT $1::timestamptz AS a, $2::timestamptz AS b) AS given`,
      [from, to, timeZone],
    );
    return [row?.start, row?.end].map((text) => new Date(text ?? '').toISOString());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

const BUCKET = 'date_trunc($4, occurred_at, $5)';
const DEVICE = `(ARRAY['desktop', 'mobile', 'tablet', 'server', 'other'])[device]`;
