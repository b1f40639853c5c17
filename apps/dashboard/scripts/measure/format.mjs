/** @param {number} bytes */
export function inMb(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {number[]} times */
export function inMs(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const [median, p99, most] = [0.5, 0.99, 1].map((part) => sorted[Math.ceil(part * sorted.length) - 1] ?? 0);
  return `median ${Math.round(median ?? 0)} ms, p99 ${Math.round(p99 ?? 0)} ms, most ${Math.round(most ?? 0)} ms`;
}

/** @param {number[]} tasks */
export function inTasks(tasks) {
  if (tasks.length === 0) return 'no task over 50 ms';
  return `${tasks.length} tasks over 50 ms, the longest ${Math.round(Math.max(...tasks))} ms`;
}
