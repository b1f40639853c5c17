import type { ScenarioName } from '@tidemark/schemas';
import type { Scenario } from './scenario.ts';
import { CachePerformance } from './scenarios/cache-performance.ts';
import { CircuitBreaker } from './scenarios/circuit-breaker.ts';
import { EndToEnd } from './scenarios/end-to-end.ts';
import { GracefulDegradation } from './scenarios/graceful-degradation.ts';
import { TrafficSpike } from './scenarios/traffic-spike.ts';

const SCENARIO_CLASSES: Readonly<Record<ScenarioName, new () => Scenario>> = {
  traffic_spike: TrafficSpike,
  circuit_breaker: CircuitBreaker,
  cache_performance: CachePerformance,
  graceful_degradation: GracefulDegradation,
  end_to_end: EndToEnd,
};

/** A new run of a scenario, with nothing measured yet. */
export function createScenario(name: ScenarioName): Scenario {
  return new SCENARIO_CLASSES[name]();
}
