import type { ScenarioName } from '@tidemark/schemas';
import type { Scenario } from './scenario.ts';
import { CachePerformance } from './scenarios/cache-performance.ts';
import { EndToEnd } from './scenarios/end-to-end.ts';

const SCENARIO_CLASSES: Partial<Record<ScenarioName, new () => Scenario>> = {
  cache_performance: CachePerformance,
  end_to_end: EndToEnd,
};

/** A new run of a scenario, with nothing measured yet. */
export function createScenario(name: ScenarioName): Scenario {
  const ScenarioClass = SCENARIO_CLASSES[name];
  if (ScenarioClass === undefined) throw new Error(`there is no scenario ${name} yet`);
  return new ScenarioClass();
}
