import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCycles } from '../../../scripts/architecture/find-cycles.ts';
import { findDependencyFlaws, readJudgedBuilds } from '../../../scripts/architecture/find-dependency-flaws.ts';
import { findInstalledFlaws } from '../../../scripts/architecture/find-installed-flaws.ts';
import { findRepositoryFlaws } from '../../../scripts/architecture/find-repository-flaws.ts';
import { findViolations } from '../../../scripts/architecture/find-violations.ts';
import { LAYERS, toAllowedImports, toPackageName } from '../../../scripts/architecture/layers.ts';
import { readInstalled } from '../../../scripts/architecture/read-installed.ts';
import { readPackageFolders, readSources, readTrackedFiles } from '../../../scripts/architecture/read-sources.ts';

const root = join(import.meta.dirname, '../../..');

describe('the tree', () => {
  test('imports only what its layers allow, and reads the environment in one place', () => {
    const sources = readSources(root);
    expect(sources.length).toBeGreaterThan(50);
    expect(findViolations(sources, LAYERS)).toEqual([]);
  });

  test('has a layer for every package, and a package for every layer', () => {
    expect(LAYERS.map(({ folder }) => folder).toSorted()).toEqual(readPackageFolders(root));
  });

  test('has no circles between its packages', () => {
    expect(findCycles(LAYERS)).toEqual([]);
  });

  test.for(LAYERS)('$folder is private, named after its folder and opens through index.ts', (layer) => {
    const manifest = readManifest(layer.folder);
    expect(manifest).toMatchObject({ name: toPackageName(layer), private: true, type: 'module' });
    if (layer.folder.startsWith('packages/')) expect(manifest.exports?.['.']).toBe('./src/index.ts');
    for (const entry of Object.values(manifest.exports ?? {})) {
      expect(existsSync(join(root, layer.folder, entry)), `${layer.folder} exports ${entry}`).toBe(true);
    }
  });

  test.for(LAYERS)('$folder ships no library or package that its layer refuses', (layer) => {
    const { packages, libraries } = toAllowedImports(layer, { isTest: false });
    for (const [name, version] of Object.entries(readManifest(layer.folder).dependencies ?? {})) {
      const isOurs = name.startsWith('@tidemark/');
      expect(version, `${layer.folder} names ${name}`).toBe(isOurs ? 'workspace:*' : 'catalog:');
      if (isOurs) expect(packages, layer.remedy).toContain(name);
      else if (layer.libraries !== 'unclaimed') expect(libraries, layer.remedy).toContain(name);
    }
  });
});

describe('the rules', () => {
  const judge = (path: string, text: string) => findViolations([{ path, text }], LAYERS);

  test.for([
    ['packages/services/src/a.ts', "import { sql } from 'kysely';"],
    ['packages/services/src/a.ts', "import type { Pool } from 'pg';"],
    ['packages/services/src/a.ts', "import { TRPCError } from '@trpc/server';"],
    ['packages/schemas/src/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['packages/schemas/src/a.ts', "export { connectDatabase } from '@tidemark/database';"],
    ['packages/database/src/a.ts', "import { querySummary } from '@tidemark/services';"],
    ['packages/router/src/a.ts', "import { connectDatabase } from '@tidemark/database';"],
    // Escaped, or this file itself would be found to import it.
    ['packages/router/src/a.ts', 'const { Redis } = await import(\u0027ioredis\u0027);'],
    ['packages/client/src/a.ts', "import { appRouter } from '@tidemark/router';"],
    ['packages/client/src/a.ts', "import { type AppRouter } from '@tidemark/router';"],
    ['packages/client/src/a.ts', "import { join } from 'node:path';"],
    ['apps/monitor/src/a.tsx', "import { z } from 'zod';"],
    ['apps/server/src/a.ts', "import {\n  Redis,\n} from 'ioredis';"],
    ['apps/server/src/a.ts', "import { testTenant } from '@tidemark/testing';"],
    [
      'apps/dashboard/src/a.svelte',
      '<script lang="ts">\n  import { createKey } from \'@tidemark/services\';\n</script>',
    ],
  ] as const)('refuse in %s: %s', ([path, text]) => {
    expect(judge(path, text)).toEqual([expect.stringMatching(new RegExp(`^${path}:\\d+ imports '.+': .{20,}`))]);
  });

  test.for([
    ["import { x } from '@tidemark/database/src/tables.ts';", "import '@tidemark/database', whose index.ts"],
    ["import { x } from '../../database/src/tables.ts';", "import '@tidemark/database' by its name"],
    ["import { x } from '../../../scripts/x.ts';", 'move the file inside'],
  ] as const)('refuse to reach into another package: %s', ([text, remedy]) => {
    expect(judge('packages/services/src/a.ts', text)).toEqual([expect.stringContaining(remedy)]);
  });

  test.for([
    'const port = process.env.PORT;',
    "const port = process['env'].PORT;",
    'const { env } = process;',
    "import { env } from 'node:process';",
  ])('refuse to read the environment anywhere: %s', (text) => {
    expect(judge('packages/services/src/a.ts', text)).toEqual([expect.stringContaining('apps/*/src/env.ts')]);
    expect(judge('apps/server/src/env.ts', text)).toEqual([]);
  });

  test.for([
    ['packages/services/src/a.ts', "import { withTenant } from '@tidemark/database';\nimport { a } from './b.ts';"],
    ['packages/services/src/events/a.ts', "import { assertScope } from '../context.ts';"],
    ['packages/services/test/a.test.ts', "import { test } from 'vitest';\nimport { x } from '@tidemark/testing';"],
    ['packages/client/src/a.ts', "import type { AppRouter } from '@tidemark/router';"],
    ['packages/router/src/a.ts', "import { observable } from '@trpc/server/observable';"],
    ['apps/monitor/src/a.tsx', "import { Box } from 'ink';\nimport { findCredentials } from '@tidemark/client/local';"],
    ['apps/server/src/a.ts', '// process.env is read elsewhere\nconst from = "import { sql } from \'kysely\'";'],
  ] as const)('allow in %s: %s', ([path, text]) => {
    expect(judge(path, text)).toEqual([]);
  });

  test('name a circle by its members', () => {
    const layer = { libraries: [], remedy: '' };
    const circles = findCycles([
      { ...layer, folder: 'packages/a', uses: ['b'] },
      { ...layer, folder: 'packages/b', uses: [], usesTypes: ['a'] },
    ]);
    expect(circles).toContain('@tidemark/a → @tidemark/b → @tidemark/a');
  });
});

describe('dependencies', () => {
  const judge = (path: string, text: string) => findDependencyFlaws([{ path, text }]);
  const lockfile = (resolution: string) => `packages:\n\n  'a@1.0.0':\n    resolution: ${resolution}\n`;

  test('have one exact version, in the catalog', () => {
    const manifest = (version: string) => JSON.stringify({ dependencies: { a: version } });
    expect(judge('apps/a/package.json', manifest('catalog:'))).toEqual([]);
    expect(judge('apps/a/package.json', manifest('workspace:*'))).toEqual([]);
    for (const version of ['1.0.0', '^1.0.0', '*', 'latest', 'file:../a', 'github:a/a', 'https://a.example/a.tgz']) {
      expect(judge('apps/a/package.json', manifest(version))).toEqual([expect.stringContaining('catalog')]);
    }
    for (const version of ['1.0.0', '1.0.0-beta.1', 'npm:@a/b@1.0.0']) {
      expect(judge('pnpm-workspace.yaml', `catalog:\n  "@a/b": ${version}\n`)).toEqual([]);
    }
    for (const version of ['^1.0.0', '1', 'latest', 'npm:@a/b@^1.0.0']) {
      expect(judge('pnpm-workspace.yaml', `catalog:\n  "@a/b": ${version}\n`)).toHaveLength(1);
    }
  });

  test('come from the registry, with their sum', () => {
    expect(judge('pnpm-lock.yaml', lockfile('{integrity: sha512-aZ09+/==}'))).toEqual([]);
    for (const elsewhere of [
      '{integrity: sha512-aZ09+/==, tarball: a.tgz}',
      '{tarball: a.tgz}',
      '{type: git, repo: a, commit: b}',
      '{directory: ../a, type: directory}',
      '{integrity: sha1-aZ09=}',
    ]) {
      expect(judge('pnpm-lock.yaml', lockfile(elsewhere))).toEqual([expect.stringContaining('registry')]);
    }
  });

  test('run scripts as they are installed only where it was decided, and are under licences on the list', () => {
    const judged = readJudgedBuilds('allowBuilds:\n  "@a/b": true\n  c: false\n');
    const one = { name: 'd', version: '1.0.0', licence: 'MIT', scripts: [] };
    expect(judged).toEqual(new Set(['@a/b', 'c']));
    expect(findInstalledFlaws([one, { ...one, name: 'c', scripts: ['postinstall'] }], judged)).toEqual([]);
    expect(findInstalledFlaws([{ ...one, scripts: ['postinstall'] }], judged)).toHaveLength(1);
    expect(findInstalledFlaws([{ ...one, licence: '(GPL-3.0 OR MIT)' }], judged)).toEqual([]);
    for (const licence of ['GPL-3.0', 'unknown', 'MIT AND GPL-3.0', '']) {
      expect(findInstalledFlaws([{ ...one, licence }], judged)).toHaveLength(1);
    }
    expect(judge('pnpm-workspace.yaml', 'dangerouslyAllowAllBuilds: true\n')).toHaveLength(1);
  });

  test('of this tree are in order', () => {
    const files = readTrackedFiles(root);
    const workspace = files.find(({ path }) => path === 'pnpm-workspace.yaml')?.text ?? '';
    const installed = readInstalled(root);
    expect(installed.length).toBeGreaterThan(100);
    expect([...findDependencyFlaws(files), ...findInstalledFlaws(installed, readJudgedBuilds(workspace))]).toEqual([]);
  });
});

describe('the repository', () => {
  const lockfile = (...keys: string[]) => `packages:\n\n  '@trpc/server@1.0.0':\n\nsnapshots:\n\n${keys.join('\n')}`;
  const judge = (path: string, text: string) => findRepositoryFlaws([{ path, text }]);

  test('holds one copy of @trpc/server', () => {
    const one = "  '@trpc/server@1.0.0(typescript@6.0.2)':";
    const other = "  '@trpc/server@1.0.0(typescript@7.0.2)':";
    expect(judge('pnpm-lock.yaml', lockfile(one))).toEqual([]);
    expect(judge('pnpm-lock.yaml', lockfile(one, other))).toEqual([expect.stringContaining('declare typescript')]);
  });

  test.for([
    ['pnpm-lock.yaml', 'tarball: https://registry.example/x.tgz'],
    ['.npmrc', '//registry.example/:_auth=x\nregistry=x'],
    ['docs/a.md', `see ${'/home'}/ann/notes`],
    ['scripts/a.mjs', `const tools = '${'/opt'}/tools/bin';`],
  ] as const)('refuses in %s: %s', ([path, text]) => {
    expect(judge(path, text)).toEqual([expect.stringContaining(path)]);
  });

  test.for(['apps/server/src/main.ts', './home/a', 'https://example.com/home/a', '#lib/work/a.ts'])(
    'allows %s',
    (text) => {
      expect(judge('docs/a.md', text)).toEqual([]);
    },
  );
});

type Manifest = { exports?: Record<string, string>; dependencies?: Record<string, string> };

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}
