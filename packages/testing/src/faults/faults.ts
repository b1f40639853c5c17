import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { FaultWorld } from './fault-world.ts';

/** Something that breaks, for a while, and is over when this resolves: nobody but a supervisor sets it right. */
export type Fault = {
  readonly name: string;
  /** Whether every question whose answer is kept is answered while it lasts. */
  readonly isBridged?: boolean;
  strike(world: FaultWorld, holdMs: number): Promise<void>;
};

/** The longest outage, in times of what others hold. */
const LONG_HOLDS = 6;

/** More than PostgreSQL gives out. */
const TOO_MANY_CONNECTIONS = 150;
/** In each of which the servers may be the quicker ones for some; they give up as their breakers open. */
const MAX_ROUNDS = 200;

export const FAULTS: readonly Fault[] = [
  {
    name: 'a server is killed and started again',
    async strike(world) {
      await world.killServer(0);
      await world.restartServer(0);
    },
  },
  {
    name: 'a server is killed as it rebuilds the days for another zone',
    async strike(world) {
      await world.changeTimeZone();
      // Whichever of the two has begun: both walk the tenants, one at a time.
      await world.untilRebuilding();
      await Promise.all(world.servers.map((_, place) => world.killServer(place)));
      await Promise.all(world.servers.map((_, place) => world.restartServer(place)));
    },
  },
  {
    name: 'PostgreSQL is killed',
    async strike(world) {
      world.killPostgres();
    },
  },
  {
    name: 'Redis is killed, and comes back empty',
    async strike({ redis }, holdMs) {
      await redis.kill();
      await delay(holdMs);
      await redis.restart();
    },
  },
  {
    name: 'a server is frozen',
    async strike({ servers }, holdMs) {
      const pid = servers[1]?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      await delay(holdMs);
      process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'PostgreSQL is frozen',
    async strike(world, holdMs) {
      const thaw = await world.freezePostgres();
      await delay(holdMs);
      thaw();
    },
  },
  {
    name: 'Redis is frozen',
    async strike({ redis }, holdMs) {
      redis.freeze();
      await delay(holdMs);
      redis.thaw();
    },
  },
  {
    name: 'the events are locked, so that the pools fill',
    async strike(world, holdMs) {
      await using oracle = await world.openOracle();
      await oracle.ask('BEGIN');
      await oracle.ask('LOCK TABLE tenant_heads, events IN ACCESS EXCLUSIVE MODE');
      await delay(holdMs);
      await oracle.ask('ROLLBACK');
    },
  },
  {
    name: 'PostgreSQL has no connection left',
    async strike(world, holdMs) {
      await using held = await holdConnections(world);
      await held.endOthers();
      await delay(holdMs);
    },
  },
  {
    name: 'every socket is cut, several times',
    async strike({ wires, database }, holdMs) {
      for (let cut = 0; cut < 10; cut++) {
        for (const wire of wires) wire.cutAll();
        database.refuse();
        database.accept();
        await delay(holdMs / 10);
      }
    },
  },
  {
    name: 'the database is out of reach, for long',
    isBridged: true,
    async strike({ database }, holdMs) {
      database.refuse();
      await delay(holdMs * LONG_HOLDS);
      database.accept();
    },
  },
  {
    name: 'everything is killed at once',
    async strike(world) {
      world.killPostgres();
      await Promise.all([world.redis.kill(), ...world.servers.map((_, place) => world.killServer(place))]);
      await world.redis.restart();
      await Promise.all(world.servers.map((_, place) => world.restartServer(place)));
    },
  },
];

/** Takes every connection there is, and those that become free as others are ended, until nobody else has one. */
async function holdConnections(world: FaultWorld) {
  const held = new AsyncDisposableStack();
  const clients: pg.Client[] = [];
  const takeOne = async () => {
    const client = new pg.Client({ connectionString: world.databaseUrl });
    client.on('error', () => {});
    try {
      await client.connect();
      held.defer(() => client.end().catch(() => {}));
      clients.push(client);
      return true;
    } catch {
      await client.end().catch(() => {});
      return false;
    }
  };
  const takeAll = async () => {
    while (clients.length < TOO_MANY_CONNECTIONS && (await takeSome())) {
      // There may be more.
    }
  };
  // Several at once, since the servers want them as well.
  const takeSome = async () => (await Promise.all(Array.from({ length: 10 }, takeOne))).some((isTaken) => isTaken);
  await takeAll();
  return {
    /** Resolves when whoever else had a connection has none; throws where that takes too many rounds. */
    async endOthers() {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const own = clients.map((client) => (client as unknown as { processID: number }).processID);
        const ended = await clients[0]?.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE backend_type = 'client backend' AND pid <> ALL($1)`,
          [own],
        );
        if (ended?.rowCount === 0) return;
        await takeAll();
      }
      throw new Error(`others have connections after ${MAX_ROUNDS} rounds of ending them`);
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
