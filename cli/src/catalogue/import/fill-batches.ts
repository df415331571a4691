/** The products of one request at most, as the API allows. */
const MAX_PRODUCTS = 100;

/** The characters of one request at most: even if each takes three bytes, it stays below the gateway's limit of 1 MiB. */
const MAX_CHARACTERS = 300_000;

/** Puts items together, as many as fit into one request. */
export async function* fillBatches<Item>(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[]> {
  let batch: Item[] = [];
  let characters = 0;
  for await (const item of items) {
    const size = JSON.stringify(item).length;
    if (batch.length > 0 && (batch.length === MAX_PRODUCTS || characters + size > MAX_CHARACTERS)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(item);
    characters += size;
  }
  if (batch.length > 0) yield batch;
}
