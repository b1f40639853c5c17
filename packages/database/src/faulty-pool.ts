import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { InjectedFaults } from './injected-faults.ts';

/** A pool that obeys injected faults as each connection is asked for. */
export class FaultyPool extends pg.Pool {
  readonly #faults: InjectedFaults;

  constructor(config: pg.PoolConfig, faults: InjectedFaults) {
    super(config);
    this.#faults = faults;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(callback?: Parameters<pg.Pool['connect']>[0]): unknown {
    return callback === undefined ? this.#connect() : super.connect(callback);
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#faults.active?.fault.fault === 'database_down') throw new InjectedOutage();
    const client = await super.connect();
    const { fault } = this.#faults.active ?? {};
    // While it is held, so that the pool fills as it does with slow statements.
    if (fault?.fault === 'database_slow') await delay(fault.delayMs);
    return client;
  }
}

/** Looks like a server that refuses connections, which is what it stands for. */
class InjectedOutage extends Error {
  readonly code = 'ECONNREFUSED';

  constructor() {
    super('the lab has made the database unreachable');
  }
}
