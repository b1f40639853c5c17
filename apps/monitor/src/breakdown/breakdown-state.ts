import type { Breakdown, BreakdownBy, BreakdownRow, Filters } from '@tidemark/schemas';
import { CONNECTING, type Link, type LinkAction, reduceLink, toLive } from '../connection/link.ts';

/** What every event has; its properties follow. */
const DIMENSIONS: readonly BreakdownBy[] = ['type', 'device', 'user'];

export type BreakdownState = {
  readonly link: Link;
  /** What one can rank by: properties as they were seen in events. */
  readonly dimensions: readonly BreakdownBy[];
  readonly by: BreakdownBy;
  /** Undefined until the question on the screen is answered. */
  readonly answer: Breakdown | undefined;
  readonly selected: number;
};

export type BreakdownAction =
  | { readonly type: 'answered'; readonly by: BreakdownBy; readonly answer: Breakdown; readonly at: number }
  | { readonly type: 'propertiesSeen'; readonly paths: readonly string[] }
  | { readonly type: 'dimensionStepped' | 'moved'; readonly by: number }
  | LinkAction;

export function toBreakdownState(by: BreakdownBy): BreakdownState {
  return { link: CONNECTING, dimensions: toDimensions(by, []), by, answer: undefined, selected: 0 };
}

export function reduceBreakdown(state: BreakdownState, action: BreakdownAction): BreakdownState {
  switch (action.type) {
    case 'answered':
      if (action.by !== state.by) return state;
      return {
        ...state,
        answer: action.answer,
        link: toLive(action.at),
        selected: clamp(state.selected, action.answer),
      };
    case 'propertiesSeen':
      return { ...state, dimensions: toDimensions(state.by, action.paths) };
    case 'dimensionStepped':
      return { ...state, by: step(state, action.by), answer: undefined, selected: 0 };
    case 'moved':
      return { ...state, selected: clamp(state.selected + action.by, state.answer) };
    case 'dropped':
    case 'refused':
      return { ...state, link: reduceLink(state.link, action) };
  }
}

/** What is ranked by is among them, also where no recent event has it. */
function toDimensions(by: BreakdownBy, paths: readonly string[]): readonly BreakdownBy[] {
  const seen = [...DIMENSIONS, ...paths.map((path) => `property:${path}` as const)];
  return seen.includes(by) ? seen : [...seen, by];
}

function clamp(selected: number, answer: Breakdown | undefined): number {
  return Math.max(0, Math.min((answer?.rows.length ?? 0) - 1, selected));
}

function step({ dimensions, by }: BreakdownState, steps: number): BreakdownBy {
  return dimensions.at((dimensions.indexOf(by) + steps) % dimensions.length) ?? by;
}

/** The filters with one row's events alone; undefined where no filter says that (events without a user). */
export function drillInto(filters: Filters, by: BreakdownBy, { key }: BreakdownRow): Filters | undefined {
  if (by === 'type') return key === null ? undefined : { ...filters, types: [key] };
  if (by === 'device') return { ...filters, devices: [key as NonNullable<Filters['devices']>[number]] };
  if (by === 'user') return key === null ? undefined : { ...filters, userId: key };
  const path = by.slice('property:'.length);
  const others = (filters.properties ?? []).filter((property) => property.path !== path);
  return { ...filters, properties: [...others, { path, in: toValues(key) }] };
}

/** A key is text, or JSON of what is no text: the same letters may be either. */
function toValues(key: string | null): (string | number | boolean | null)[] {
  if (key === null) return [null];
  if (key === 'true' || key === 'false') return [key, key === 'true'];
  return key.trim() !== '' && String(Number(key)) === key ? [key, Number(key)] : [key];
}

/** Without the filter that was added last: properties, then user, device and type. */
export function drillOut(filters: Filters): Filters {
  const { properties = [], userId, devices, ...rest } = filters;
  if (properties.length > 1) return { ...filters, properties: properties.slice(0, -1) };
  const all = { ...rest, ...(devices !== undefined && { devices }), ...(userId !== undefined && { userId }) };
  if (properties.length === 1) return all;
  if (userId !== undefined) return { ...rest, ...(devices !== undefined && { devices }) };
  return devices === undefined ? {} : rest;
}

/** The paths of plain values in events' properties, by name. */
export function toPropertyPaths(properties: readonly object[]): string[] {
  return [...new Set(properties.flatMap((one) => pathsOf(one)))].toSorted().slice(0, MAX_PATHS);
}

/** More than one steps through by arrow keys. */
const MAX_PATHS = 30;

function pathsOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, child]) => {
    if (key.includes('.')) return [];
    const isNested = typeof child === 'object' && child !== null;
    if (!isNested) return [`${prefix}${key}`];
    return Array.isArray(child) ? [] : pathsOf(child as object, `${prefix}${key}.`);
  });
}
