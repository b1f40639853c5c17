/** Tells each signal, and ends with exit code 7 at a SIGTERM. */
const tell = (line: string) => process.stdout.write(`${line}\n`);

process.on('SIGINT', () => tell('SIGINT'));
process.on('SIGTERM', () => {
  tell('SIGTERM');
  process.exit(7);
});
setInterval(() => undefined, 60_000);
tell('ready');
