import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toRoundedPath } from '../src/lib/charts/rounded-path.ts';

/** Where a path of relative moves goes to, point by point. */
function pointsOf(path: string): { x: number; y: number }[] {
  let at = { x: 0, y: 0 };
  return [...path.matchAll(/([Mvhq])([^Mvhqz]*)/g)].map(([, command = '', numbers = '']) => {
    const [first = 0, second = 0, ...end] = numbers.split(/[ ,]/).map(Number);
    if (command === 'M') at = { x: first, y: second };
    else if (command === 'v') at = { x: at.x, y: at.y + first };
    else if (command === 'h') at = { x: at.x + first, y: at.y };
    else at = { x: at.x + (end[0] ?? 0), y: at.y + (end[1] ?? 0) };
    return at;
  });
}

test('a bar stands on its axis and fills its place, however low or narrow it is', () => {
  const length = fc.double({ min: 0, max: 1_000, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({ x: length, y: length, width: length, height: length }),
      fc.constantFrom(0, 3),
      (bar, radius) => {
        const points = pointsOf(toRoundedPath(bar, radius));
        expect(points.at(0)).toEqual({ x: bar.x, y: bar.y + bar.height });
        expect(points.at(-1)?.x).toBeCloseTo(bar.x + bar.width, 6);
        expect(points.at(-1)?.y).toBeCloseTo(bar.y + bar.height, 6);
        expect(Math.min(...points.map(({ y }) => y))).toBeCloseTo(bar.y, 6);
        for (const { x } of points) expect(x).toBeGreaterThanOrEqual(bar.x - 1e-6);
      },
    ),
  );
});
