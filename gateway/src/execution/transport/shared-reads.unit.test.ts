import { SubgraphCallError } from './answer-reader.ts';
import { ReadGeneration, SharedReads } from './shared-reads.ts';

interface Sent {
  answer(text: string): Promise<void>;
  fail(reason: SubgraphCallError['reason']): Promise<void>;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const hour = 3_600_000;

function create() {
  const generation = new ReadGeneration();
  const reads = new SharedReads(generation);
  const sent: Sent[] = [];
  let joins = 0;
  /** @param leftMs the rest of the caller's time limit */
  const read = (leftMs = hour): Promise<string> =>
    reads
      .read({
        key: 'k',
        deadlineMs: performance.now() + leftMs,
        onJoin: () => void (joins += 1),
        send: () =>
          new Promise((resolve, reject) =>
            sent.push({
              async answer(text) {
                resolve({ status: 200, contentType: 'application/json', text });
                await settle();
              },
              async fail(reason) {
                reject(new SubgraphCallError(reason, 'failed', { progress: 'sent' }));
                await settle();
              },
            }),
          ),
      })
      .then(
        ({ text }) => text,
        (error: SubgraphCallError) => error.reason,
      );
  return { generation, reads, sent, read, joins: () => joins };
}

test('a read joins one that is on its way, and not one that is over', async () => {
  const { reads, sent, read, joins } = create();
  const both = [read(), read()];
  await sent[0]?.answer('first');
  expect(await Promise.all(both)).toEqual(['first', 'first']);
  expect([sent.length, joins(), reads.size]).toEqual([1, 1, 0]);
  const later = read();
  await sent[1]?.answer('second');
  expect(await later).toBe('second');
});

test('a read joins none that was sent before an invalidation', async () => {
  const { generation, reads, sent, read } = create();
  const before = read();
  generation.invalidate();
  const after = [read(), read()];
  expect(sent).toHaveLength(2);
  await sent[0]?.answer('old');
  // The end of the older one must not hide the newer one.
  expect(reads.size).toBe(1);
  const last = read();
  await sent[1]?.answer('new');
  expect(await Promise.all([before, ...after, last])).toEqual(['old', 'new', 'new', 'new']);
  expect([sent.length, reads.size]).toEqual([2, 0]);
});

test('a failure is that of all who wait', async () => {
  const { sent, read } = create();
  const both = [read(), read()];
  await sent[0]?.fail('connection');
  expect(await Promise.all(both)).toEqual(['connection', 'connection']);
  expect(sent).toHaveLength(1);
});

test('those who have time left when the first has none send one read together', async () => {
  const { sent, read, joins } = create();
  const all = [read(), read(), read()];
  await sent[0]?.fail('timeout');
  expect(sent).toHaveLength(2);
  await sent[1]?.answer('late');
  expect(await Promise.all(all)).toEqual(['timeout', 'late', 'late']);
  expect(joins()).toBe(3);
});

test('the time limit of a caller holds although that of the read it has joined ends later', async () => {
  const { sent, read } = create();
  const first = read(hour);
  expect(await read(0)).toBe('timeout');
  expect(sent).toHaveLength(1);
  await sent[0]?.answer('first');
  expect(await first).toBe('first');
});
