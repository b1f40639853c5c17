/**
 * Processor time of the page's tasks in ms: how long each would block on a machine that does nothing else.
 * @param {Buffer} trace
 */
export function toTaskCpu(trace) {
  /** @type {{ traceEvents: { name: string, pid: number, tid: number, tdur?: number, args?: { name?: string } }[] }} */
  const { traceEvents } = JSON.parse(trace.toString());
  const pageThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && pageThreads.has(`${pid}/${tid}`))
    .map(({ tdur = 0 }) => tdur / 1_000);
}
