import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** Imports a module in a fresh process and prints every file and built-in that was loaded for it. */
const LIST_LOADED = `
  import { registerHooks } from 'node:module';
  const urls = [];
  registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
  await import(process.argv[1]);
  console.log(JSON.stringify(urls));
`;

/** The packages whose code runs when the module is imported. */
async function packagesLoadedBy(module: string): Promise<string[]> {
  const entry = fileURLToPath(new URL(`../src/${module}`, import.meta.url));
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', LIST_LOADED, entry]);
  const packages = (JSON.parse(stdout) as string[]).map(toPackage);
  return [...new Set(packages)].toSorted();
}

function toPackage(url: string): string {
  const [, inRepository] = /\/packages\/([^/]+)\/src\//.exec(url) ?? [];
  if (inRepository !== undefined) return `@tidemark/${inRepository}`;
  const [, dependency] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  return dependency ?? url;
}

test('at run time the client is itself, tRPC and two small libraries: no server code', async () => {
  expect(await packagesLoadedBy('index.ts')).toEqual([
    '@tidemark/client',
    '@trpc/client',
    '@trpc/server',
    'eventsource',
    'eventsource-parser',
    // Of uuid's build for Node; its build for browsers has none.
    'node:crypto',
    'uuid',
  ]);
});

test('reading local credentials adds the schemas alone', async () => {
  expect(await packagesLoadedBy('local.ts')).toEqual([
    '@tidemark/client',
    '@tidemark/schemas',
    'node:fs/promises',
    'node:path',
    'zod',
  ]);
});
