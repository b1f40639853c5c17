import { getContext, setContext } from 'svelte';
import { goto } from '$app/navigation';
import { sensibleIntervals } from './intervals.ts';
import { parseView, toSearch, type View } from './view.ts';

type Place = { readonly params: Pick<URLSearchParams, 'get' | 'getAll'>; readonly tenant: string | undefined };

/** The view in the URL, and the way to any other one. */
export class OverviewView {
  readonly #place: () => Place;
  readonly #current = $derived.by(() => parseView(this.#place().params));

  constructor(place: () => Place) {
    this.#place = place;
  }

  get current(): View {
    return this.#current;
  }

  /** Where the same page looks as changed; an interval that makes no chart of another range is dropped. */
  href(change: Partial<View>): string {
    const next = { ...this.#current, ...change };
    const fits =
      next.interval === 'auto' || change.range === undefined || sensibleIntervals(next.range).includes(next.interval);
    return `/${toSearch(fits ? next : { ...next, interval: 'auto' }, this.#place().tenant)}`;
  }

  go(change: Partial<View>): Promise<void> {
    return goto(this.href(change), { reset: false });
  }
}

const KEY = Symbol('overview view');

export const setOverviewView = (view: OverviewView): OverviewView => setContext(KEY, view);
export const getOverviewView = (): OverviewView => getContext(KEY);
