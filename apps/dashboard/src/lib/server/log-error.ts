/** One line of JSON on the error stream, in the shape of the API server's own log. */
export function logError(message: string, error: unknown): void {
  const err = error instanceof Error ? { type: error.name, message: error.message, stack: error.stack } : error;
  process.stderr.write(
    `${JSON.stringify({ level: 'error', time: Date.now(), app: 'dashboard', msg: message, err })}\n`,
  );
}
