import type { Breakdown, BreakdownBy, Filters, SummaryInput } from '@tidemark/schemas';
import pg from 'pg';

/** Which events a question is about, its range resolved. */
export type OracleEvents = Filters & { readonly tenantId: string; readonly from: string; readonly to: string };

/** A question with its range resolved. */
export type OracleQuestion = OracleEvents & {
  readonly groupBy?: SummaryInput['groupBy'];
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
    const { interval, timeZone, groupLimit } = question;
    const rows = await this.ask(
      `WITH chosen AS (
         SELECT ${bucket} AS bucket, ${key} AS key, user_id FROM events
         WHERE ${IS_CHOSEN} AND $8::text IS NOT NULL AND $9::text IS NOT NULL
       ), ranked AS (${RANKED})
       SELECT bucket, CASE WHEN is_other THEN 'other' ELSE ranked.key END AS key, is_other,
         count(*) AS events, count(DISTINCT user_id) AS users
       FROM chosen JOIN ranked ON ranked.key IS NOT DISTINCT FROM chosen.key
       GROUP BY 1, 2, 3`,
      [...toValues(question), interval, timeZone, groupLimit],
    );
    return rows.map((row) => ({
      bucket: row.bucket ?? '',
      key: row.key ?? null,
      isOther: row.is_other === 't',
      events: Number(row.events),
      users: Number(row.users),
    }));
  }

  /** Events and distinct users of each value, most events first, then by name; those beyond the limit together. */
  async breakDown(
    events: OracleEvents & { readonly by: BreakdownBy; readonly limit: number },
  ): Promise<Pick<Breakdown, 'rows' | 'other'>> {
    const { by, limit } = events;
    const rows = await this.ask(
      `WITH chosen AS (
         SELECT ${KEYS[by] ?? 'jsonb_extract_path_text(properties, VARIADIC $9::text[])'} AS key, user_id FROM events
         WHERE ${IS_CHOSEN} AND $8::text IS NOT NULL AND $9::text[] IS NOT NULL
       ), ranked AS (${RANKED})
       SELECT CASE WHEN is_other THEN NULL ELSE ranked.key END AS key, is_other, count(DISTINCT ranked.*) AS keys,
         count(*) AS events, count(DISTINCT user_id) AS users, (SELECT count(*) FROM chosen) AS total
       FROM chosen JOIN ranked ON ranked.key IS NOT DISTINCT FROM chosen.key
       GROUP BY 1, 2 ORDER BY 4 DESC, coalesce(CASE WHEN is_other THEN NULL ELSE ranked.key END, '') COLLATE "C"`,
      [...toValues(events), by, by.replace(/^property:/, '').split('.'), limit],
    );
    const toCounts = (row: Record<string, string | null>) => ({ events: Number(row.events), users: Number(row.users) });
    const other = rows.find(({ is_other }) => is_other === 't');
    return {
      rows: rows
        .filter(({ is_other }) => is_other === 'f')
        .map((row) => ({ key: row.key ?? null, ...toCounts(row), share: Number(row.events) / Number(row.total) })),
      other: other === undefined ? { events: 0, users: 0, keys: 0 } : { ...toCounts(other), keys: Number(other.keys) },
    };
  }

  /** Identities of the events in the order of (time, id), as `listEvents` and exports name them. */
  async list(
    events: OracleEvents & { readonly search?: string | undefined; readonly order: 'asc' | 'desc' },
  ): Promise<{ id: string; occurredAt: string }[]> {
    const { search, order } = events;
    const rows = await this.ask(
      `SELECT id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at FROM events
       WHERE ${IS_CHOSEN} AND ($8::text IS NULL OR EXISTS (
         SELECT FROM unnest(ARRAY[type, user_id, session_id, properties::text]) AS text
         WHERE strpos(lower(text), lower($8)) > 0))
       ORDER BY occurred_at ${order}, id ${order}`,
      [...toValues(events), search ?? null],
    );
    return rows.map(({ id, at }) => ({ id: id ?? '', occurredAt: at ?? '' }));
  }

  /** The bucket that PostgreSQL puts each instant into. */
  async truncate(instants: readonly string[], interval: string, timeZone: string): Promise<string[]> {
    const rows = await this.ask(
      `SELECT date_trunc($2, instant, $3) AS bucket
       FROM unnest($1::timestamptz[]) WITH ORDINALITY AS given(instant, place) ORDER BY place`,
      [instants, interval, timeZone],
    );
    return rows.map(({ bucket }) => bucket ?? '');
  }

  /**
   * The range before: by whole local days where both ends are midnights, by one more where the calendar left those
   * out; else by its own duration.
   */
  async previousRange({ from, to, timeZone }: Pick<OracleQuestion, 'from' | 'to' | 'timeZone'>): Promise<string[]> {
    const [row] = await this.ask(
      `SELECT CASE WHEN a = date_trunc('day', a, $3) AND b = date_trunc('day', b, $3)
         THEN (SELECT max(start)
               FROM generate_series(0, 1) AS more,
                 LATERAL (SELECT (first - (last - first) - more)::timestamp AT TIME ZONE $3 AS start) AS shifted
               WHERE start < a)
         ELSE a - (b - a) END AS start, a AS "end"
       FROM (SELECT $1::timestamptz AS a, $2::timestamptz AS b) AS given,
         LATERAL (SELECT (a AT TIME ZONE $3)::date AS first, (b AT TIME ZONE $3)::date AS last) AS days`,
      [from, to, timeZone],
    );
    return [row?.start, row?.end].map((text) => new Date(text ?? '').toISOString());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

const BUCKET = 'date_trunc($8, occurred_at, $9)';
const DEVICE = `(ARRAY['desktop', 'mobile', 'tablet', 'server', 'other'])[device]`;
const KEYS: Partial<Record<string, string>> = { type: 'type', device: DEVICE, user: 'user_id' };

/** The events of a question, its values as `toValues` gives them; a missing property is like one that is null. */
const IS_CHOSEN = `tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3
  AND ($4::text[] IS NULL OR type = ANY($4))
  AND ($5::text[] IS NULL OR coalesce(${DEVICE}, 'none') = ANY($5))
  AND ($6::text IS NULL OR user_id = $6)
  AND NOT EXISTS (
    SELECT FROM jsonb_array_elements($7::jsonb) AS wanted WHERE NOT EXISTS (
      SELECT FROM jsonb_array_elements(wanted -> 'in') AS value WHERE value = coalesce(
        jsonb_extract_path(properties, VARIADIC string_to_array(wanted ->> 'path', '.')), 'null')))`;

/** The chosen keys, and whether they lie beyond the limit. */
const RANKED = `SELECT key, row_number() OVER (ORDER BY count(*) DESC, coalesce(key, '') COLLATE "C") > $10 AS is_other
  FROM chosen GROUP BY key`;

function toValues({ tenantId, from, to, types, devices, userId, properties }: OracleEvents): unknown[] {
  const named = devices?.map((device) => device ?? 'none');
  return [tenantId, from, to, types ?? null, named ?? null, userId ?? null, JSON.stringify(properties ?? [])];
}
