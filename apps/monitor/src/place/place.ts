import {
  type BreakdownBy,
  type Filters,
  INTERVALS,
  type IntervalChoice,
  LAST_RANGES,
  type LastRange,
  type Tenant,
} from '@tidemark/schemas';
import { parseFilterText, toFilterText } from './filter-text.ts';

export const VIEWS = ['overview', 'events', 'breakdown', 'system', 'lab'] as const;
export type ViewName = (typeof VIEWS)[number];

const INTERVAL_CHOICES: readonly IntervalChoice[] = ['auto', ...INTERVALS];

/** What is looked at, the same for every view: whose numbers, of when, of which events. */
export type Place = {
  readonly view: ViewName;
  readonly tenants: readonly Tenant[];
  readonly tenant: Tenant;
  readonly range: LastRange;
  readonly interval: IntervalChoice;
  readonly filters: Filters;
  /** What the breakdown ranks by. */
  readonly by: BreakdownBy;
  readonly isHelpOpen: boolean;
  /** The filter while it is being typed, and what is wrong with it. */
  readonly prompt: { readonly text: string; readonly flaw: string | undefined } | undefined;
  /** Said on the last line until the next key. */
  readonly message: string;
};

export type PlaceAction =
  | { readonly type: 'viewChosen'; readonly view: ViewName }
  | { readonly type: 'viewStepped' | 'tenantStepped' | 'rangeStepped' | 'intervalStepped'; readonly by: 1 | -1 }
  | { readonly type: 'helpToggled' | 'filterOpened' | 'filterEntered' | 'filterLeft' }
  | { readonly type: 'filterTyped'; readonly text: string }
  | { readonly type: 'filtered'; readonly filters: Filters }
  | { readonly type: 'ranked'; readonly by: BreakdownBy }
  | { readonly type: 'said'; readonly message: string };

export function toPlace(
  tenants: readonly Tenant[],
  tenant: Tenant,
  given: Pick<Place, 'view' | 'range' | 'interval' | 'filters' | 'by'>,
): Place {
  return { ...given, tenants, tenant, isHelpOpen: false, prompt: undefined, message: '' };
}

export function reducePlace(place: Place, action: PlaceAction): Place {
  const quiet = { ...place, message: '' };
  switch (action.type) {
    case 'viewChosen':
      return { ...quiet, view: action.view, isHelpOpen: false };
    case 'viewStepped':
      return { ...quiet, view: step(VIEWS, place.view, action.by), isHelpOpen: false };
    case 'tenantStepped':
      return { ...quiet, tenant: step(place.tenants, place.tenant, action.by) };
    case 'rangeStepped':
      return { ...quiet, range: step(LAST_RANGES, place.range, action.by) };
    case 'intervalStepped':
      return { ...quiet, interval: step(INTERVAL_CHOICES, place.interval, action.by) };
    case 'helpToggled':
      return { ...quiet, isHelpOpen: !place.isHelpOpen };
    case 'filterOpened':
      return { ...quiet, prompt: { text: toFilterText(place.filters), flaw: undefined } };
    case 'filterTyped':
      return { ...quiet, prompt: { text: action.text, flaw: undefined } };
    case 'filterEntered':
      return enterFilter(quiet);
    case 'filterLeft':
      return { ...quiet, prompt: undefined };
    case 'filtered':
      return { ...quiet, filters: action.filters };
    case 'ranked':
      return { ...quiet, by: action.by };
    case 'said':
      return { ...place, message: action.message };
  }
}

function enterFilter(place: Place): Place {
  if (place.prompt === undefined) return place;
  const parsed = parseFilterText(place.prompt.text);
  if ('flaw' in parsed) return { ...place, prompt: { ...place.prompt, flaw: parsed.flaw } };
  return { ...place, prompt: undefined, filters: parsed.filters };
}

function step<Item>(items: readonly Item[], from: Item, by: number): Item {
  return items.at((items.indexOf(from) + by) % items.length) ?? from;
}
