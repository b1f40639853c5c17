// Preloaded into the program below a thin parent: when that is killed, the program ends as at a SIGTERM. Processes
// that the program forks load this as well, and have another parent.
if (process.env.TIDEMARK_PARENT === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // To listen must not keep the program from ending by itself.
  process.channel?.unref();
}
delete process.env.TIDEMARK_PARENT;
