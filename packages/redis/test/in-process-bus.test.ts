import { expect, test } from 'vitest';
import { createInProcessBus } from '../src/index.ts';
import { busContract } from './bus-contract.ts';

busContract('in-process', createInProcessBus);

test('the in-process bus says what it is, and never reconnects', async () => {
  await using bus = createInProcessBus();
  expect(bus.connectionState).toBe('in-process');
});
