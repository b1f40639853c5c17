import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkConsumer } from './check-consumer.ts';

const CONSUMER = 'packages/client/examples/query-summary.ts';
const SUMMARY = 'packages/schemas/src/summary.ts';

test('renaming an output field breaks the compilation of who reads it', { timeout: 120_000 }, () => {
  const summary = readFileSync(fileURLToPath(new URL(`../../../${SUMMARY}`, import.meta.url)), 'utf8');
  const renamed = summary.replace(
    /totalsSchema = z\.object\(\{\n {2}events:/,
    'totalsSchema = z.object({\n  eventCount:',
  );
  expect(renamed).not.toBe(summary);
  expect(checkConsumer(CONSUMER).errors).toEqual([]);
  expect(checkConsumer(CONSUMER, { [SUMMARY]: renamed }).errors).toContainEqual(
    expect.stringContaining("Property 'events' does not exist on type '{ eventCount: number;"),
  );
});

test('what the README shows compiles, as one file from top to bottom', { timeout: 120_000 }, () => {
  const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
  const code = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');
  expect(code).toContain('createTidemark');
  const path = 'packages/client/examples/readme.ts';
  expect(checkConsumer(path, { [path]: code }).errors).toEqual([]);
});

/** Fifty events, each tracked once: as much as a large application's file may see. */
const PLANNED = `
import { createTidemark, defineEvents } from '@tidemark/client';
import { z } from 'zod';
const plan = defineEvents({
${Array.from({ length: 50 }, (_, index) => `  event${index}: z.object({ place: z.enum(['a', 'b']), count: z.int().optional() }),`).join('\n')}
});
const tidemark = createTidemark({ url: 'http://127.0.0.1:3001', plan });
${Array.from({ length: 50 }, (_, index) => `tidemark.track('event${index}', { place: 'a', count: ${index} });`).join('\n')}
`;

// Measured: 71,400 and 82,400, nearly all of it for the router's own type. A quarter is room for more procedures; a type
// that grows with their square, which is what makes completion wait, does not fit in it.
test.each([
  { what: 'a script that asks', path: CONSUMER, texts: {}, budget: 90_000 },
  {
    what: 'a plan of fifty events, and as many calls',
    path: 'packages/client/examples/planned.ts',
    texts: { 'packages/client/examples/planned.ts': PLANNED },
    budget: 105_000,
  },
])('the types stay cheap for an editor: $what', { timeout: 120_000 }, ({ path, texts, budget }) => {
  const { errors, instantiations } = checkConsumer(path, texts);
  expect(errors).toEqual([]);
  expect(instantiations).toBeLessThan(budget);
});
