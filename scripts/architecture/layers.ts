/** A package or app of the tree: what its code may import, besides its own files. */
export type Layer = {
  /** Its folder from the root; the last part is its package's name. */
  readonly folder: string;
  /** Our packages it may use, by their short names; another entry than index.ts is named as `client/local`. */
  readonly uses: readonly string[];
  /** Our packages it may use with `import type` alone. */
  readonly usesTypes?: readonly string[];
  /** Libraries it may use; `unclaimed` allows every library that no package lists. */
  readonly libraries: readonly string[] | 'unclaimed';
  /** Set where the code also runs in browsers, so that Node's own modules are refused outside these files. */
  readonly runsAnywhereExcept?: readonly string[];
  /** What to do instead of a refused import. */
  readonly remedy: string;
};

/** DESIGN.md's "Allowed imports". Lint, the boundary check and the architecture test all read this list. */
export const LAYERS: readonly Layer[] = [
  {
    folder: 'packages/schemas',
    uses: [],
    libraries: ['zod'],
    runsAnywhereExcept: [],
    remedy:
      'schemas is zod and nothing else, and runs in any browser: move code that needs more to the layer that uses it.',
  },
  {
    folder: 'packages/database',
    uses: ['schemas'],
    libraries: ['kysely', 'pg'],
    remedy: 'database knows schemas, kysely and pg: decide in services, and pass values in.',
  },
  {
    folder: 'packages/redis',
    uses: ['schemas'],
    libraries: ['ioredis', 'lru-cache', 'rate-limiter-flexible'],
    remedy:
      'redis knows schemas, ioredis, lru-cache and rate-limiter-flexible: decide in services, and pass values in.',
  },
  {
    folder: 'packages/services',
    uses: ['schemas', 'database', 'redis'],
    libraries: ['cockatiel', 'lru-cache', 'p-limit', 'prom-client'],
    remedy:
      'services speak to PostgreSQL through @tidemark/database and to Redis through @tidemark/redis: add a repository or a store there, and leave transport to router.',
  },
  {
    folder: 'packages/router',
    uses: ['schemas', 'services'],
    libraries: ['@trpc/server', 'zod'],
    remedy:
      'a procedure parses with a schema and calls one service: put shapes in @tidemark/schemas and work in @tidemark/services.',
  },
  {
    folder: 'packages/client',
    uses: ['schemas'],
    usesTypes: ['router'],
    libraries: ['@standard-schema/spec', '@trpc/client', '@trpc/server', 'eventsource', 'uuid'],
    runsAnywhereExcept: ['packages/client/src/local.ts'],
    remedy:
      'the client ships to browsers: take shapes from @tidemark/schemas and the router as `import type { AppRouter }`.',
  },
  {
    folder: 'packages/testing',
    uses: ['schemas', 'database', 'redis', 'services', 'client', 'client/local'],
    libraries: ['fast-check', 'ioredis', 'pg', 'vitest'],
    remedy:
      'testing builds on the packages under test: reach PostgreSQL and Redis through @tidemark/database and @tidemark/redis.',
  },
  {
    folder: 'apps/server',
    uses: ['schemas', 'database', 'redis', 'services', 'router', 'client', 'client/local'],
    libraries: [
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
      '@trpc/server',
      'bowser',
      'commander',
      'csv-parse',
      'isbot',
      'jsep',
      'p-limit',
      'pino',
      'string-width',
      'zod',
    ],
    remedy:
      'the server constructs and decides nothing: put SQL in @tidemark/database, Redis in @tidemark/redis, rules in @tidemark/services.',
  },
  {
    folder: 'apps/dashboard',
    uses: ['client', 'schemas'],
    libraries: 'unclaimed',
    remedy: 'the dashboard asks the API: use @tidemark/client, and @tidemark/schemas for shapes.',
  },
  {
    folder: 'apps/monitor',
    uses: ['client', 'client/local', 'schemas'],
    libraries: 'unclaimed',
    remedy: 'the monitor asks the API: use @tidemark/client, and @tidemark/schemas for shapes.',
  },
];

/** What tests, examples and benchmarks may use besides: their own package by its name, our test kit and the runner's libraries. */
const TEST_USES: readonly string[] = ['testing'];
const TEST_LIBRARIES: readonly string[] = [
  'csv-parse',
  'fast-check',
  'ink-testing-library',
  'playwright-core',
  'typescript',
  'vite',
  'vitest',
  'zod',
];

/** Where the environment may be read; tests of apps hand it to what they start. Root files and scripts are free to. */
export const READS_ENVIRONMENT: readonly string[] = [
  'apps/*/src/env.ts',
  'apps/*/test/**',
  'packages/*/examples/**',
  'packages/testing/**',
];

/** Tests, examples, benchmarks and tool configuration, which may import more than what ships. */
export function isTestFile(path: string): boolean {
  return /^(?:packages|apps)\/[^/]+\/(?:(?:test|examples|bench|faults)\/|[^/]+\.config\.ts$)/.test(path);
}

/** `apps/server` is imported as `@tidemark/server`. */
export function toPackageName(layer: Layer): string {
  return `@tidemark/${layer.folder.slice(layer.folder.lastIndexOf('/') + 1)}`;
}

/** Every specifier the layer's code may import, apart from Node's modules. */
export function toAllowedImports(layer: Layer, { isTest }: { isTest: boolean }) {
  const uses = [...layer.uses, ...(layer.usesTypes ?? []), ...(isTest ? TEST_USES : [])];
  const own = toPackageName(layer);
  return {
    packages: [...uses.map((name) => `@tidemark/${name}`), ...(isTest ? [own, ...entriesOf(own)] : [])],
    libraries: [...(layer.libraries === 'unclaimed' ? [] : layer.libraries), ...(isTest ? TEST_LIBRARIES : [])],
  };
}

/** A package's entries besides index.ts, as other layers name them. */
function entriesOf(packageName: string): string[] {
  const entries = LAYERS.flatMap((layer) => layer.uses.map((name) => `@tidemark/${name}`));
  return [...new Set(entries.filter((entry) => entry.startsWith(`${packageName}/`)))];
}

/** The libraries that a package lists, and which are therefore refused to apps that list none. */
export function toClaimedLibraries(layers: readonly Layer[]): string[] {
  const packages = layers.filter(({ folder }) => folder.startsWith('packages/'));
  return [...new Set(packages.flatMap(({ libraries }) => (libraries === 'unclaimed' ? [] : libraries)))];
}
