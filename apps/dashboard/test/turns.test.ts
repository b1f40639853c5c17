import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from '../src/lib/live/turns.ts';

/** Notes its name, and once more when the task that it ran in has come to its end. */
function toSteps() {
  const said: string[] = [];
  const step = (name: string) => () => {
    said.push(name);
    queueMicrotask(() => said.push(`end of ${name}`));
  };
  return { said, step };
}

test('each step has a task of its own, in the order in which they were named first', async () => {
  const { said, step } = toSteps();
  const turns = new Turns();
  turns.take('chart', step('old chart'));
  turns.take('list', step('list'));
  turns.take('chart', step('chart'));
  expect(said).toEqual([]);
  await expect.poll(() => said).toEqual(['chart', 'end of chart', 'list', 'end of list']);
});

test('what waits is forgotten when it is left, and turns are taken again after', async () => {
  const { said, step } = toSteps();
  const turns = new Turns();
  turns.take('chart', step('chart'));
  turns.leave();
  await delay(1);
  turns.take('list', step('list'));
  await expect.poll(() => said).toEqual(['list', 'end of list']);
});
