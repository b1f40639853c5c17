import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withNodeFirst } from './toolchain.mjs';

/** npm passes Ctrl-C on to a script that has it from the terminal already: two this close together are one. */
const SAME_SIGNAL_MS = 1_000;

const FOLLOW_PARENT = fileURLToPath(new URL('follow-parent.mjs', import.meta.url));

/**
 * Goes on as another Node program: its output, its exit code, each signal once. This process stays as a thin parent,
 * since an old Node cannot be replaced. `sharesTerminal`: a full-screen program, which must hear of keys and resizes.
 */
export function become(node, args, { sharesTerminal = false } = {}) {
  const child = spawn(node, ['--import', FOLLOW_PARENT, ...args], {
    env: { ...withNodeFirst(node), TIDEMARK_PARENT: String(process.pid) },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // In a session of its own the child hears of Ctrl-C from us alone, and so do the processes that it starts from it.
    detached: !sharesTerminal,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) passOn(signal, child, sharesTerminal);
  child.once('error', (error) => {
    console.error(`${node} cannot run: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function passOn(signal, child, sharesTerminal) {
  let lastAt = Number.NEGATIVE_INFINITY;
  process.on(signal, () => {
    const isRepeated = performance.now() - lastAt < SAME_SIGNAL_MS;
    lastAt = performance.now();
    const hasHeardItself = sharesTerminal && signal === 'SIGINT' && process.stdin.isTTY;
    if (!isRepeated && !hasHeardItself) child.kill(signal);
  });
}
