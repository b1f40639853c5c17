import { defineConfig } from 'oxlint';
import { toLintFences } from './scripts/architecture/to-lint-fences.ts';

/** Promises and boundaries; Biome holds the rest. */
export default defineConfig({
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise'],
  categories: { correctness: 'error' },
  ignorePatterns: ['**/build/**', '**/.svelte-kit/**', '**/.tidemark/**'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    // Kysely's builders are destructured by design.
    'typescript/unbound-method': 'off',
    // Biome says the same, and knows .svelte.
    'no-unused-vars': 'off',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-unnecessary-type-assertion': 'error',
    'typescript/no-explicit-any': 'error',
    'import/no-cycle': 'error',
    'promise/no-multiple-resolved': 'error',
  },
  overrides: toLintFences(),
});
