import type { Arithmetic, Check, Comparison, Measure, Term } from './check.ts';

/** What a measure came to; `previous` undefined where the events of the range before are no longer kept. */
export type Measured = { readonly now: number; readonly previous: number | undefined };

export type Evaluated = { readonly holds: boolean; readonly left: number; readonly right: number };

/** Undefined where it cannot be decided, since something was divided by nothing, or is not kept. */
export function evaluateCheck(
  { comparison, left, right }: Check,
  countOf: (measure: Measure) => Measured,
): Evaluated | undefined {
  const sides = { left: evaluate(left, countOf), right: evaluate(right, countOf) };
  if (!Number.isFinite(sides.left) || !Number.isFinite(sides.right)) return undefined;
  return { ...sides, holds: COMPARE[comparison](sides.left, sides.right) };
}

export function asksForPrevious({ left, right }: Check): boolean {
  return [...measuresOf(left), ...measuresOf(right)].some(({ when }) => when === 'previous');
}

/** Each measure of a check once. */
export function toMeasures({ left, right }: Check): Measure[] {
  const all = [...measuresOf(left), ...measuresOf(right)].map(({ measure }) => measure);
  return all.filter((one, at) => all.findIndex((other) => other.type === one.type && other.of === one.of) === at);
}

function* measuresOf(term: Term): Generator<Term & { readonly kind: 'measure' }> {
  if (term.kind === 'measure') yield term;
  if (term.kind !== 'arithmetic') return;
  yield* measuresOf(term.left);
  yield* measuresOf(term.right);
}

function evaluate(term: Term, countOf: (measure: Measure) => Measured): number {
  if (term.kind === 'number') return term.value;
  if (term.kind === 'measure') return countOf(term.measure)[term.when] ?? Number.NaN;
  return COMPUTE[term.operator](evaluate(term.left, countOf), evaluate(term.right, countOf));
}

const COMPUTE: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};
