import { expect, test } from 'vitest';
import { contractServer } from './contract-server.ts';
import { expectRefusal } from './expectations.ts';

const QUESTION = { last: '1h' } as const;

test('x-priority is low, normal or high, and high only for admins and the platform', async () => {
  await using api = await contractServer();
  const { admin, caller, id } = await api.createTenant();
  const [viewer, platform] = [await caller('viewer'), api.platform.with({ 'x-tenant-id': id })];
  for (const everyone of [admin, viewer, platform]) {
    for (const priority of ['low', 'normal']) {
      const answer = await everyone.with({ 'x-priority': priority }).query('analytics.summary', QUESTION);
      expect(answer.status, priority).toBe(200);
    }
    for (const priority of ['urgent', 'HIGH', 'low, high', '']) {
      const answer = await everyone.with({ 'x-priority': priority }).query('analytics.summary', QUESTION);
      expect(expectRefusal(answer, 'invalid_input').evidence).toEqual({ header: 'x-priority' });
    }
  }
  for (const allowed of [admin, platform]) {
    expect((await allowed.with({ 'x-priority': 'high' }).query('analytics.summary', QUESTION)).status).toBe(200);
  }
  const refused = await viewer.with({ 'x-priority': 'high' }).query('analytics.summary', QUESTION);
  expect(expectRefusal(refused, 'forbidden').evidence).toEqual({ header: 'x-priority', role: 'viewer' });
});
