import { isDeepStrictEqual } from 'node:util';
import type { Breakdown, Summary } from '@tidemark/schemas';
import { Oracle, type OracleQuestion } from '../../src/oracle/oracle.ts';
import type { Panel } from './trace.ts';

export type Answered = {
  readonly panel: Panel;
  readonly answer: Summary | Breakdown;
  /** Every commit up to this one was acknowledged a second before the question. */
  readonly leastSeq: number;
};

/**
 * Brute force over the raw events as they stood after any commit: the tenant has one order of commits, and
 * `commits` says which brought which events.
 */
export class CommitOracle implements AsyncDisposable {
  readonly #oracle: Oracle;
  readonly #tenantId: string;

  private constructor(oracle: Oracle, tenantId: string) {
    this.#oracle = oracle;
    this.#tenantId = tenantId;
  }

  static async open(url: string, tenantId: string): Promise<CommitOracle> {
    const oracle = await Oracle.open(url);
    await oracle.ask(
      `CREATE TEMP TABLE commit_of AS
       SELECT seq, key.id, key.occurred_at FROM commits, unnest(ids, occurred_at) AS key(id, occurred_at)
       WHERE tenant_id = '${tenantId}'`,
    );
    await oracle.ask('CREATE INDEX ON commit_of (occurred_at, seq)');
    await oracle.ask('ANALYZE commit_of');
    // A temporary view stands before the table of its name: the oracle's own statements then see the past.
    await oracle.ask(
      `CREATE TEMP VIEW events AS SELECT event.* FROM public.events AS event
       JOIN commit_of ON commit_of.id = event.id AND commit_of.occurred_at = event.occurred_at
       WHERE event.tenant_id = '${tenantId}' AND commit_of.seq <= current_setting('bench.seq')::bigint`,
    );
    return new CommitOracle(oracle, tenantId);
  }

  /** The commit that brought an event. */
  async seqOf(id: string): Promise<number> {
    const [row] = await this.#oracle.ask('SELECT seq FROM commit_of WHERE id = $1', [id]);
    return Number(row?.seq);
  }

  /** Whether the answer is brute force's after some commit from `leastSeq` on. */
  async isRight({ panel, answer, leastSeq }: Answered): Promise<boolean> {
    const { range } = answer.meta;
    const events = 'totals' in answer ? answer.totals.events : countOf(answer);
    const types = 'types' in panel.input ? panel.input.types : null;
    // Events only come: the first commit after which there are as many is as good as any with as many.
    const [row] = await this.#oracle.ask(
      `SELECT max(seq) AS seq FROM (
         SELECT seq, count(*) OVER (ORDER BY seq) AS so_far FROM commit_of
         JOIN public.events AS event USING (id, occurred_at)
         WHERE event.tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3 AND ($5::text[] IS NULL OR type = ANY($5))
       ) AS counted WHERE so_far = $4`,
      [this.#tenantId, range.from, range.to, events, types],
    );
    if (row?.seq === null || row?.seq === undefined) return events === 0;
    const seq = Math.max(Number(row.seq), leastSeq);
    await this.#oracle.ask(`SELECT set_config('bench.seq', $1, false)`, [String(seq)]);
    return await this.#equals(panel, answer);
  }

  async #equals(panel: Panel, answer: Summary | Breakdown): Promise<boolean> {
    const { range, interval, timeZone } = answer.meta;
    const question: OracleQuestion = {
      tenantId: this.#tenantId,
      from: range.from,
      to: range.to,
      interval,
      timeZone,
      groupLimit: 50,
      ...('groupBy' in panel.input && { groupBy: panel.input.groupBy }),
      ...('by' in panel.input && { groupBy: panel.input.by }),
      ...('types' in panel.input && { types: [...panel.input.types] }),
    };
    const groups = question.groupBy === undefined ? [] : (await this.#oracle.countGroups(question)).total;
    if (!('totals' in answer)) return isDeepStrictEqual(toPairs(answer.rows), toPairs(groups));
    const { total, buckets } = await this.#oracle.count(question);
    return (
      answer.totals.events === total.events &&
      answer.totals.users === total.users &&
      isDeepStrictEqual(
        answer.series.filter((bucket) => bucket.events > 0).map(({ events, users }) => [events, users]),
        buckets.sort((one, other) => (one.bucket < other.bucket ? -1 : 1)).map(({ events, users }) => [events, users]),
      ) &&
      isDeepStrictEqual(toPairs(answer.totals.groups ?? []), toPairs(groups))
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#oracle[Symbol.asyncDispose]();
  }
}

function countOf({ rows, other }: Breakdown): number {
  return rows.reduce((sum, { events }) => sum + events, other.events);
}

function toPairs(groups: readonly { key: string | null; events: number; users: number }[]): string[] {
  return groups.map(({ key, events, users }) => JSON.stringify([key, events, users])).sort();
}
