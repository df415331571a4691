import { createHash } from 'node:crypto';
import { parse, type DocumentNode } from 'graphql';
import { PreparedDocuments } from './prepared-documents.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @param maxBytes of memory for documents */
function create(maxBytes: number) {
  const documents = new PreparedDocuments({ maxBytes });
  const dropped: DocumentNode[] = [];
  documents.onDrop((document) => dropped.push(document));
  return {
    documents,
    dropped,
    /** Takes a document in as Apollo Server reports it. */
    async add(text: string, document = parse(text)): Promise<DocumentNode> {
      const hooks = await documents.plugin.requestDidStart?.({} as never);
      await hooks?.didResolveOperation?.({ source: text, queryHash: hashOf(text), document } as never);
      return document;
    },
  };
}
const none = () => undefined;
const find = ({ documents }: ReturnType<typeof create>, text: string) =>
  documents.find(text, undefined, none)?.document;

/** Bytes of a document with one field. */
async function measure(text: string): Promise<number> {
  const { documents, add } = create(1_000_000);
  await add(text);
  return documents.state.bytes;
}

test('a document is found by its text, and by the key of Apollo Server', async () => {
  const kept = create(1_000_000);
  const document = await kept.add('{ a }');
  expect(find(kept, '{ a }')).toBe(document);
  expect(await kept.documents.store.get(`schema:${hashOf('{ a }')}`)).toBe(document);
  expect(kept.documents.find('{ a }', 'Other', none)).toBeUndefined();
  expect(find(kept, '{ b }')).toBeUndefined();
});

test('the least recently used documents are dropped when the bytes exceed the limit', async () => {
  const kept = create(2.5 * (await measure('{ a }')));
  await kept.add('{ a }');
  const second = await kept.add('{ b }');
  find(kept, '{ a }');
  await kept.add('{ c }');
  expect(kept.dropped).toEqual([second]);
  expect(find(kept, '{ b }')).toBeUndefined();
  expect(await kept.documents.store.get(hashOf('{ b }'))).toBeUndefined();
  expect(find(kept, '{ a }')).toBeDefined();
  expect(kept.documents.state).toEqual({ documents: 2, bytes: 2 * (await measure('{ a }')) });
});

test('the parts that are kept for a document count, and leave the sum with it', async () => {
  const size = await measure('{ a }');
  const kept = create(4 * size);
  const first = await kept.add('{ a }');
  kept.documents.grow(first, size);
  await kept.add('{ b }');
  expect(kept.documents.state).toEqual({ documents: 2, bytes: 3 * size });
  // The first was used longer ago, although it is the one that grows.
  kept.documents.grow(first, 2 * size);
  expect(kept.dropped).toEqual([first]);
  expect(kept.documents.state).toEqual({ documents: 1, bytes: size });
});

test('a document larger than the limit is not kept', async () => {
  const kept = create(10);
  const document = await kept.add('{ a }');
  expect(kept.dropped).toEqual([document]);
  expect(kept.documents.state).toEqual({ documents: 0, bytes: 0 });
});

test('parts for a document that was dropped meanwhile are dropped too', async () => {
  const kept = create(10);
  const document = await kept.add('{ a }');
  kept.documents.grow(document, 5);
  expect(kept.dropped).toEqual([document, document]);
  expect(kept.documents.state.bytes).toBe(0);
});

test('of two documents with the same text the later one is kept', async () => {
  const kept = create(1_000_000);
  const first = await kept.add('{ a }');
  const second = await kept.add('{ a }', parse('{ a }'));
  expect(find(kept, '{ a }')).toBe(second);
  expect(kept.dropped).toEqual([first]);
  expect(kept.documents.state).toEqual({ documents: 1, bytes: await measure('{ a }') });
});

test('a document that is not kept is read once, and found by the key of Apollo Server', async () => {
  const kept = create(1_000_000);
  let reads = 0;
  const read = (text: string): DocumentNode => {
    reads += 1;
    return parse(text);
  };
  const document = kept.documents.find('{ a }', undefined, read)?.document;
  expect(kept.documents.find('{ a }', undefined, read)?.document).toBe(document);
  expect(await kept.documents.store.get(`schema:${hashOf('{ a }')}`)).toBe(document);
  expect(reads).toBe(1);
  expect(kept.documents.state).toEqual({ documents: 1, bytes: await measure('{ a }') });
});

test('a document that is too large to be kept is found each time that it is read', () => {
  const kept = create(10);
  expect(kept.documents.find('{ a }', undefined, parse)).toBeDefined();
  expect(kept.documents.find('{ a }', undefined, parse)).toBeDefined();
  expect(kept.documents.state).toEqual({ documents: 0, bytes: 0 });
});
