/**
 * The same values for a transport that asks for one ahead of its reader. A refusal that comes while the reader pauses is
 * caught only once he reads on, and what nobody has caught by then ends the process.
 */
export function askableAhead<Value>(values: AsyncGenerator<Value>): AsyncIterableIterator<Value> {
  return {
    next() {
      const next = values.next();
      next.catch(() => {});
      return next;
    },
    return: () => values.return(undefined),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
