import type { Group, Summary } from '@tidemark/schemas';
import { toKeyName } from '../format/to-key-name.ts';

export type TopGroup = {
  readonly name: string;
  readonly events: number;
  /** Undefined where the earlier answer did not name the group. */
  readonly before: number | undefined;
  readonly isOther: boolean;
};

/** The largest groups that fit, what is beyond them counted as one; `other` of the server stays last. */
export function toTopGroups({ totals, previous }: Summary, limit: number): readonly TopGroup[] {
  const groups = (totals.groups ?? []).toSorted(
    (a, b) => Number(isOther(a)) - Number(isOther(b)) || b.events - a.events,
  );
  const earlier = previous?.totals.groups;
  const named = groups.map((group) => ({
    name: isOther(group) ? 'all others' : toKeyName(group.key),
    events: group.events,
    before: isOther(group) ? undefined : eventsBefore(group.key, earlier),
    isOther: isOther(group),
  }));
  if (named.length <= limit) return named;
  const rest = named.slice(limit - 1);
  const events = rest.reduce((sum, group) => sum + group.events, 0);
  const count = rest.some((group) => group.isOther) ? 'all' : String(rest.length);
  return [...named.slice(0, limit - 1), { name: `${count} others`, events, before: undefined, isOther: true }];
}

/** Zero when every earlier group was named and this was none of them; unknown when some were not. */
function eventsBefore(key: string | null, earlier: readonly Group[] | undefined): number | undefined {
  if (earlier === undefined) return undefined;
  const same = earlier.find((group) => group.key === key && !isOther(group));
  return same?.events ?? (earlier.some(isOther) ? undefined : 0);
}

function isOther(group: Group): boolean {
  return group.isOther === true;
}
