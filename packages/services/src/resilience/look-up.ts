import type { Breaker } from './breaker.ts';
import type { SilenceWatch } from './silence-watch.ts';

/** Asks the directory of keys and tenants; at once `unavailable` while the database is known to be away. */
export type LookUp = <Result>(load: () => Promise<Result>) => Promise<Result>;

/** Keys and tenants are in the database that reads ask: what one finds of it goes for the other. */
export function toLookUp(breaker: Breaker, silence: SilenceWatch): LookUp {
  return (load) => breaker.run(() => silence.run(load));
}
