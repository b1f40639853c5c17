import type { LabCheck } from '@tidemark/schemas';

/** A check that a measured number is at least a bound. */
export function atLeast(name: string, measured: number, bound: number, unit = ''): LabCheck {
  return {
    name,
    passed: measured >= bound,
    expected: `≥ ${toText(bound)}${unit}`,
    measured: `${toText(measured)}${unit}`,
  };
}

/** A check that a measured number is at most a bound. */
export function atMost(name: string, measured: number, bound: number, unit = ''): LabCheck {
  return {
    name,
    passed: measured <= bound,
    expected: `≤ ${toText(bound)}${unit}`,
    measured: `${toText(measured)}${unit}`,
  };
}

function toText(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}
