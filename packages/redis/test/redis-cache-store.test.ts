import { describeWithRedis } from '@tidemark/testing';

import { cacheContract } from './cache-contract.ts';
import { openRedisStore } from './open-redis-store.ts';

describeWithRedis('with Redis', ({ url }) => {
  cacheContract('Redis', { openStore: () => openRedisStore({ url }), modelRuns: 100 });
});
