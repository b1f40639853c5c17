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
    const events = 'totals' in answer ? answer.totals.events : countOf(answer);
    const stored = this.#storedIn(panel, answer.meta.range);
    if (stored.filter(({ seq }) => seq <= leastSeq).length > events) return false;
    const { meta, ...numbers } = answer;
    const content = JSON.stringify([panel, meta.range, numbers]);
    const known = this.#found.get(content);
    if (known !== undefined) return known;
    // Events only come: any commit after which there are as many is as good as another …
    let seq = stored[events - 1]?.seq ?? 0;
    if ('totals' in answer && answer.previous !== undefined) {
      // … if there are as many in the range before, too.
      const before = this.#storedIn(panel, answer.previous.range);
      seq = Math.max(seq, before[answer.previous.totals.events - 1]?.seq ?? 0);
    }
    await setSeq(this.#oracle, seq);
    const isRight = await this.#equals(panel, answer);
    this.#found.set(content, isRight);
    return isRight;
  }

  /** What a panel asks about that was committed at any time, in commit order. */
  #storedIn({ input }: Panel, { from, to }: { readonly from: string; readonly to: string }): readonly CommittedEvent[] {
    const [begin, end] = [Date.parse(from), Date.parse(to)];
    const types: readonly string[] | undefined = 'types' in input ? input.types : undefined;
    return this.#events.filter(
      ({ at, type }) => at >= begin && at < end && (types === undefined || types.includes(type)),
    );
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
    if (!('totals' in answer)) return isDeepStrictEqual(toShares(answer), await this.#countShares(question));
    const { previous, totals, series } = answer;
    return (
      isDeepStrictEqual(toCounted({ totals, series }), await this.#count(question)) &&
      (previous === undefined ||
        isDeepStrictEqual(toCounted(previous), await this.#count({ ...question, ...previous.range })))
    );
  }

  /** Everything that a summary counts, by brute force. */
  async #count(question: OracleQuestion): Promise<Counted> {
    const { total, buckets } = await this.#oracle.count(question);
    const groups =
      question.groupBy === undefined ? { total: [], buckets: [] } : await this.#oracle.countGroups(question);
    return {
      total: [total.events, total.users],
      groups: toPairs(groups.total),
      buckets: buckets
        .toSorted((one, other) => (one.bucket < other.bucket ? -1 : 1))
        .map(({ bucket, events, users }) => ({
          counts: [events, users],
          groups: toPairs(groups.buckets.filter((group) => group.bucket === bucket)),
        })),
    };
  }

  /** Each value of a breakdown with its share of all events, by brute force. */
  async #countShares(question: OracleQuestion): Promise<string[]> {
    const { total } = await this.#oracle.countGroups(question);
    const all = total.reduce((sum, { events }) => sum + events, 0);
    return total.map(({ key, events, users }) => JSON.stringify([key, events, users, events / all])).sort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#oracle[Symbol.asyncDispose]();
  }
}

type Counted = {
  readonly total: readonly number[];
  readonly groups: readonly string[];
  /** Those with events, in order. */
  readonly buckets: readonly { readonly counts: readonly number[]; readonly groups: readonly string[] }[];
};

function toCounted({ totals, series }: Pick<Summary, 'totals' | 'series'>): Counted {
  return {
    total: [totals.events, totals.users],
    groups: toPairs(totals.groups ?? []),
    buckets: series
      .filter(({ events }) => events > 0)
      .map(({ events, users, groups }) => ({ counts: [events, users], groups: toPairs(groups ?? []) })),
  };
}

function toShares({ rows }: Breakdown): string[] {
  return rows.map(({ key, events, users, share }) => JSON.stringify([key, events, users, share])).sort();
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
