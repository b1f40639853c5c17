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

/** `at` is epoch ms. */
type CommittedEvent = { readonly seq: number; readonly at: number; readonly type: string };

/**
 * Brute force over the raw events as they stood after any commit: the tenant has one order of commits, and
 * `commits` says which brought which events.
 */
export class CommitOracle implements AsyncDisposable {
  readonly #oracle: Oracle;
  readonly #tenantId: string;
  /** In commit order. */
  readonly #events: readonly CommittedEvent[];
  /** What was found of answers, by what they say: most are served many times. */
  readonly #found = new Map<string, boolean>();

  private constructor(oracle: Oracle, tenantId: string, events: readonly CommittedEvent[]) {
    this.#oracle = oracle;
    this.#tenantId = tenantId;
    this.#events = events;
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
      `CREATE TEMP VIEW events AS SELECT event.*, commit_of.seq FROM public.events AS event
       JOIN commit_of ON commit_of.id = event.id AND commit_of.occurred_at = event.occurred_at
       WHERE event.tenant_id = '${tenantId}' AND commit_of.seq <= current_setting('bench.seq')::bigint`,
    );
    await setSeq(oracle, Number.MAX_SAFE_INTEGER);
    const rows = await oracle.ask(
      'SELECT seq, type, (extract(epoch FROM occurred_at) * 1000)::bigint AS at FROM events ORDER BY seq',
    );
    const events = rows.map(({ seq, type, at }) => ({ seq: Number(seq), type: type ?? '', at: Number(at) }));
    return new CommitOracle(oracle, tenantId, events);
  }

  /** The commit that brought an event. */
  async seqOf(id: string): Promise<number> {
    const [row] = await this.#oracle.ask('SELECT seq FROM commit_of WHERE id = $1', [id]);
    return Number(row?.seq);
  }

  /** Whether the answer is brute force's after some commit from `leastSeq` on. */
  async isRight({ panel, answer, leastSeq }: Answered): Promise<boolean> {
    const [from, to] = [Date.parse(answer.meta.range.from), Date.parse(answer.meta.range.to)];
    const types: readonly string[] | undefined = 'types' in panel.input ? panel.input.types : undefined;
    const inRange = this.#events.filter(
      ({ at, type }) => at >= from && at < to && (types === undefined || types.includes(type)),
    );
    const events = 'totals' in answer ? answer.totals.events : countOf(answer);
    if (inRange.filter(({ seq }) => seq <= leastSeq).length > events) return false;
    // Events only come: any commit after which there are as many is as good as another.
    const { meta: _meta, ...numbers } = answer;
    const content = JSON.stringify([panel, from, to, numbers]);
    const known = this.#found.get(content);
    if (known !== undefined) return known;
    await setSeq(this.#oracle, inRange[events - 1]?.seq ?? 0);
    const isRight = await this.#equals(panel, answer);
    this.#found.set(content, isRight);
    return isRight;
  }

  /** How many different answers were compared. */
  get compared(): number {
    return this.#found.size;
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

async function setSeq(oracle: Oracle, seq: number): Promise<void> {
  await oracle.ask(`SELECT set_config('bench.seq', $1, false)`, [String(seq)]);
}

function countOf({ rows, other }: Breakdown): number {
  return rows.reduce((sum, { events }) => sum + events, other.events);
}

function toPairs(groups: readonly { key: string | null; events: number; users: number }[]): string[] {
  return groups.map(({ key, events, users }) => JSON.stringify([key, events, users])).sort();
}
