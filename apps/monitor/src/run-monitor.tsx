import type { LastRange } from '@tidemark/schemas';
import { render } from 'ink';
import type { SessionWish } from './connection/open-session.ts';
import { resolveConnection } from './connection/resolve-connection.ts';
import { toFailure } from './connection/to-failure.ts';
import { readEnv } from './env.ts';
import { Monitor } from './monitor.tsx';
import { readArguments } from './read-arguments.ts';
import { takeSnapshot } from './snapshot/take-snapshot.ts';
import { toPlainText } from './snapshot/to-plain-text.ts';
import { toTheme } from './theme.ts';
import { ThemeContext } from './theme-context.ts';

/** The screen until it is left, or one answer where there is no terminal or none is wanted. */
export async function runMonitor(argv: readonly string[]): Promise<void> {
  const { tenant, range, once, json, ...flags } = readArguments(argv);
  const env = readEnv();
  const wish = { connection: await resolveConnection(flags, env), tenant };
  // Keys need a terminal to come from as much as the picture needs one to go to.
  const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
  if (once === true || json === true || !hasTerminal) return print(wish, range, json === true);
  const app = render(
    <ThemeContext value={toTheme(env.noColor)}>
      <Monitor wish={wish} range={range} />
    </ThemeContext>,
    // Ink draws nothing where CI is set, unless told that somebody is there.
    { interactive: true, alternateScreen: true, incrementalRendering: true },
  );
  await app.waitUntilExit();
}

async function print(wish: SessionWish, range: LastRange, asJson: boolean): Promise<void> {
  try {
    const snapshot = await takeSnapshot(wish, range);
    process.stdout.write(`${asJson ? JSON.stringify(snapshot, null, 2) : toPlainText(snapshot)}\n`);
  } catch (error) {
    throw toFailure(error, wish.connection.url);
  }
}
