import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Every package and app with tests is a project, named like its folder. */
const folders = globSync('{packages,apps}/*/test', { cwd: import.meta.dirname }).map((path) =>
  path.replace(/\/test$/, ''),
);

export default defineConfig({
  test: {
    projects: folders.map((folder) => ({
      extends: true,
      test: { name: basename(folder), root: folder, include: ['test/**/*.test.{ts,tsx}'] },
    })),
  },
});
