import { formatCount, formatThings } from './format-figures.ts';
import type { Screen } from './screen.ts';

const REDRAW_MS = 200;
const NEWLINE = 0x0a;

export type ExportProgress = Disposable & {
  /** Passes chunks on and counts what is in them. */
  count(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
};

/** Shows on a terminal how much of an export has come; elsewhere it says so once, at the end. */
export function showExportProgress(out: Screen): ExportProgress {
  let lines = 0;
  let bytes = 0;
  const describe = () => `${formatThings(lines, 'line')}, ${formatCount(Math.ceil(bytes / 1024))} KiB`;
  const clear = '\r\u001B[2K';
  const timer = setInterval(() => {
    if (out.isTTY) out.write(`${clear}${describe()}`);
  }, REDRAW_MS);
  return {
    async *count(chunks) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
        yield chunk;
      }
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      out.write(`${out.isTTY ? clear : ''}${describe()}\n`);
    },
  };
}
