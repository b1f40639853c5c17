import type { Random } from './random.ts';
import { drawIndex, happens } from './random.ts';
import type { Step } from './traffic-journey.ts';
import { TRAFFIC_TYPES } from './traffic-journey.ts';

/**
 * Fits a journey to the wanted types: steps of other types fall away, and wanted types that no journey
 * knows are strewn in, the first named most often. A journey never comes out empty.
 */
export function createTypeFilter(random: Random, types: readonly string[]): (steps: Step[]) => Step[] {
  const wanted = new Set(types);
  const foreign = types.filter((type) => !TRAFFIC_TYPES.some((known) => known === type));
  const unseen = [...foreign];
  // Squared, so that a list of fifty types has common and rare ones; each once before any chance decides.
  const drawForeign = () =>
    unseen.shift() ?? foreign[drawIndex({ next: () => random.next() ** 2 }, foreign.length)] ?? '';

  return (steps) => {
    const fitted: Step[] = [];
    for (const step of steps) {
      if (wanted.has(step.type)) fitted.push(step);
      if (foreign.length === 0) continue;
      if (!wanted.has(step.type) || happens(random, 0.4)) {
        const { country, plan } = step.properties;
        fitted.push({ ...step, type: drawForeign(), properties: { country: country ?? null, plan: plan ?? null } });
      }
    }
    if (fitted.length > 0) return fitted;
    const first = steps[0] as Step;
    return [{ ...first, type: types[drawIndex(random, types.length)] as string }];
  };
}
