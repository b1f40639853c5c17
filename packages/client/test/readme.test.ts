import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_STATUS } from '@tidemark/schemas';
import { expect, test } from 'vitest';

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

test('the README names every error with its status', () => {
  const rows = [...README.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [code, Number(status)]);
  expect(rows).toEqual(Object.entries(ERROR_STATUS));
});
