// Work on many things, a few at a time, with the results in order.

/**
 * The results of `work` on each item, in the items' order; at most `atOnce` are under way, and items are taken no earlier
 * than they are begun. The first failure is thrown, and nothing is begun after it.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Awaited in its turn; a failure before that must not count as unhandled.
    result.catch(() => {});
    if (underWay.push(result) === atOnce) yield await (underWay.shift() as Promise<Result>);
  }
  for (const result of underWay) yield await result;
}

/** As `inOrder`, for work without a result. */
export async function eachOf<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  for await (const _ of inOrder(items, atOnce, work));
}

/** Items in groups of `size`; the last may be smaller. */
export function* groupsOf<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let group: Item[] = [];
  for (const item of items) {
    if (group.push(item) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
