import { spawn } from 'node:child_process';

/** What opens an address where a desktop is; elsewhere there is none of it, or nothing happens. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer' };

/** Hands an address to the desktop, if there is one. The address is one argument and passes no shell. */
export function openAddress(url: string): void {
  const child = spawn(OPENERS[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true });
  // A terminal without a desktop: the address stands on the screen.
  child.on('error', () => {});
  child.unref();
}
