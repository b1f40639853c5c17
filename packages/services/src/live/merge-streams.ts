/**
 * The values of several streams as they come, each with its stream's key. A stream is asked for its next
 * value only once the one before was taken, so nothing is queued. The first to fail ends all. Leaving calls
 * `stop`, which must end whatever the streams wait for, and returns them.
 */
export async function* mergeStreams<Value>(
  streams: ReadonlyMap<string, AsyncGenerator<Value>>,
  stop: () => void,
): AsyncGenerator<{ key: string; value: Value }> {
  const settled: Settled<Value>[] = [];
  let wake = Promise.withResolvers<void>();
  const ask = (key: string, stream: AsyncGenerator<Value>) => {
    stream.next().then(
      (result) => settle({ key, stream, result }),
      (error: unknown) => settle({ key, stream, error }),
    );
  };
  const settle = (one: Settled<Value>) => {
    settled.push(one);
    wake.resolve();
  };

  for (const [key, stream] of streams) ask(key, stream);
  let open = streams.size;
  try {
    while (open > 0) {
      await wake.promise;
      wake = Promise.withResolvers<void>();
      for (const one of settled.splice(0)) {
        if (one.result === undefined) throw one.error;
        if (one.result.done === true) {
          open -= 1;
        } else {
          yield { key: one.key, value: one.result.value };
          ask(one.key, one.stream);
        }
      }
    }
  } finally {
    stop();
    await Promise.all([...streams.values()].map((stream) => stream.return(undefined)));
  }
}

type Settled<Value> = { readonly key: string; readonly stream: AsyncGenerator<Value> } & (
  | { readonly result: IteratorResult<Value>; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: unknown }
);
