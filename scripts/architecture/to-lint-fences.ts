import type { OxlintOverride } from 'oxlint';
import type { Layer } from './layers.ts';
import { LAYERS, READS_ENVIRONMENT, toAllowedImports, toClaimedLibraries } from './layers.ts';

const ENVIRONMENT_REMEDY = 'Read settings in apps/*/src/env.ts, once and validated, and pass them in as values.';
const DEEP_REMEDY = 'Import another package by its name, @tidemark/<name>: only what its index.ts lists is public.';

/** The layers as oxlint overrides, so that an editor shows the remedy while the import is typed. */
export function toLintFences(): OxlintOverride[] {
  return [...LAYERS.flatMap(toImportFences), environmentFence()];
}

function toImportFences(layer: Layer): OxlintOverride[] {
  const source = [`${layer.folder}/**`];
  const tests = [`${layer.folder}/{test,examples,bench,faults}/**`, `${layer.folder}/*.config.ts`];
  const fences: OxlintOverride[] = [
    { files: source, rules: importRules(layer, { isTest: false, hasNode: layer.runsAnywhereExcept === undefined }) },
    { files: tests, rules: importRules(layer, { isTest: true, hasNode: true }) },
  ];
  for (const file of layer.runsAnywhereExcept ?? []) {
    fences.push({ files: [file], rules: importRules(layer, { isTest: false, hasNode: true }) });
  }
  return fences;
}

function environmentFence(): OxlintOverride {
  return {
    files: LAYERS.map((layer) => `${layer.folder}/**`),
    excludeFiles: [...READS_ENVIRONMENT],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ENVIRONMENT_REMEDY }],
    },
  };
}

function importRules(
  layer: Layer,
  { isTest, hasNode }: { isTest: boolean; hasNode: boolean },
): NonNullable<OxlintOverride['rules']> {
  const { packages, libraries } = toAllowedImports(layer, { isTest });
  // gitignore patterns: refuse everything (or what other layers claim), then let the allowed back in.
  const refused = layer.libraries === 'unclaimed' ? [...toClaimedLibraries(LAYERS), '@tidemark/*'] : ['*'];
  const readmitted = [
    './**',
    '../**',
    '.',
    '..',
    '@*',
    ...packages,
    ...libraries.flatMap((name) => [name, `${name}/**`]),
    ...(hasNode ? ['node:*', 'node:*/**'] : []),
  ];
  const typeOnly = (layer.usesTypes ?? []).map((name) => ({
    name: `@tidemark/${name}`,
    message: layer.remedy,
    allowTypeImports: true,
  }));
  const patterns = [
    { group: [...refused, ...readmitted.map((pattern) => `!${pattern}`)], message: layer.remedy },
    { regex: '^(?:\\.\\./)+(?:[\\w-]+/)+(?:src|test)/', message: DEEP_REMEDY },
    { group: ['@tidemark/*/**', ...packages.map((name) => `!${name}`)], message: DEEP_REMEDY },
  ];
  return { 'no-restricted-imports': ['error', { paths: typeOnly, patterns }] };
}
