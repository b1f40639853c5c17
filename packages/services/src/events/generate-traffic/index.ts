export type { TrafficOptions } from './generate-traffic.ts';
export { generateTraffic } from './generate-traffic.ts';
export type { TrafficType } from './traffic-journey.ts';
export { TRAFFIC_TYPES } from './traffic-journey.ts';
