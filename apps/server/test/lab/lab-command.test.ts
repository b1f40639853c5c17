import { tmpdir } from 'node:os';
import { databaseResource, serverResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { runCli } from '../cli/start-cli.ts';

test('the command runs a scenario with a second server of its own, and ends by the verdict', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const { url, platformKey } = stack.use(await serverResource({ databaseUrl }));
  const target = ['--url', url, '--key', platformKey];
  const run = await runCli(['lab', 'run', 'end_to_end', '--phase-seconds', '1', '--json', ...target], {
    cwd: tmpdir(),
  });
  const messages = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; passed?: boolean });
  expect(messages.at(-1)).toMatchObject({ type: 'verdict', passed: true });
  expect(run.code).toBe(0);

  const refused = await runCli(['lab', 'run', 'circuit_breaker', ...target], { cwd: tmpdir() });
  expect(refused.stderr).toContain('TIDEMARK_LAB=1');
  expect(refused.code).toBe(1);
});
