import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { RUN_VARIABLE, type TestRun } from './test-run.ts';

/** A process whose end was awaited may take a moment to leave the table. */
const GRACE_MS = 2_000;

/** How a run's processes are known. */
type Traces = Pick<TestRun, 'id' | 'folder'>;

/** The leak check of a run: whoever carries its id or works in its folder was started by a test and not stopped. */
export async function assertNoSurvivors(run: Traces): Promise<void> {
  const deadline = performance.now() + GRACE_MS;
  let survivors = await findSurvivors(run);
  while (survivors.length > 0 && performance.now() < deadline) {
    await delay(50);
    survivors = await findSurvivors(run);
  }
  if (survivors.length === 0) return;
  killAll(survivors);
  const list = survivors.map(({ pid, command }) => `  ${pid} ${command}`).join('\n');
  throw new Error(`Tests left processes behind (now killed):\n${list}`);
}

/** Ends what a run that was killed could not. */
export async function endSurvivors(run: Traces): Promise<void> {
  killAll(await findSurvivors(run));
}

function killAll(survivors: readonly Survivor[]): void {
  for (const { pid } of survivors) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
}

type Survivor = { readonly pid: number; readonly command: string };

/** Empty where there is no /proc, as on macOS: CI looks, on Linux. */
async function findSurvivors({ id, folder }: Traces): Promise<Survivor[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = pids.map(async (pid): Promise<Survivor | undefined> => {
    const [command, environment, workingFolder] = await Promise.all([
      readProc(pid, 'cmdline'),
      readProc(pid, 'environ'),
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
    ]);
    // A zombie has none of them, and Redis writes its title over the first two.
    const isOurs = `${command} ${workingFolder}`.includes(folder) || environment.includes(`${RUN_VARIABLE}=${id}`);
    return isOurs ? { pid, command: command.slice(0, 200) } : undefined;
  });
  return (await Promise.all(found)).filter((survivor) => survivor !== undefined);
}

async function readProc(pid: number, file: 'cmdline' | 'environ'): Promise<string> {
  const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ').trim();
}
