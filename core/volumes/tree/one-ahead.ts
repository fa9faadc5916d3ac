/** The same values, with the next one already being made while one is used. */
export async function* oneAhead<Value>(source: AsyncIterable<Value>): AsyncGenerator<Value> {
  const steps = source[Symbol.asyncIterator]();
  let next = steps.next();
  try {
    for (let step = await next; !step.done; step = await next) {
      next = steps.next();
      // A consumer that stops early never awaits it; its failure must not go unheard then.
      next.catch(() => undefined);
      yield step.value;
    }
  } finally {
    await steps.return?.();
  }
}
