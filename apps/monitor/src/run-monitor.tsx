import { render } from 'ink';
import { Failure } from './connection/failure.ts';
import type { SessionWish } from './connection/open-session.ts';
import { resolveConnection } from './connection/resolve-connection.ts';
import { toFailure } from './connection/to-failure.ts';
import { readEnv } from './env.ts';
import { type Beginning, Monitor } from './monitor.tsx';
import { parseFilterText } from './place/filter-text.ts';
import { type Arguments, readArguments } from './read-arguments.ts';
import { printEvents } from './snapshot/print-events.ts';
import { takeSnapshot } from './snapshot/take-snapshot.ts';
import { toPlainText } from './snapshot/to-plain-text.ts';
import { toTheme } from './theme.ts';
import { ThemeContext } from './theme-context.ts';

/** The screen until it is left, or one answer where there is no terminal or none is wanted. */
export async function runMonitor(argv: readonly string[]): Promise<void> {
  const args = readArguments(argv);
  const env = readEnv();
  const wish = { connection: await resolveConnection(args, env), tenant: args.tenant };
  const beginning = toBeginning(args);
  // Keys need a terminal to come from as much as the picture needs one to go to.
  const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
  if (args.once === true || args.json === true || !hasTerminal) return print(wish, beginning, args);
  const app = render(
    <ThemeContext value={toTheme(env.noColor)}>
      <Monitor wish={wish} beginning={beginning} />
    </ThemeContext>,
    // Ink draws nothing where CI is set, unless told that somebody is there.
    { interactive: true, alternateScreen: true, incrementalRendering: true },
  );
  await app.waitUntilExit();
}

function toBeginning({ view, range, interval, filter, by }: Arguments): Beginning {
  const parsed = parseFilterText(filter);
  if ('filters' in parsed) return { view, range, interval, filters: parsed.filters, by };
  throw new Failure(`--filter ${filter}: ${parsed.flaw}.`, "It must look like 'signup device=mobile plan=pro'.");
}

async function print(wish: SessionWish, beginning: Beginning, { json, once }: Arguments): Promise<void> {
  try {
    if (beginning.view === 'events' && json === true && once !== true)
      return await printEvents(wish, beginning.filters);
    const snapshot = await takeSnapshot(wish, beginning);
    process.stdout.write(`${json === true ? JSON.stringify(snapshot, null, 2) : toPlainText(snapshot, Date.now())}\n`);
  } catch (error) {
    throw toFailure(error, wish.connection.url);
  }
}
