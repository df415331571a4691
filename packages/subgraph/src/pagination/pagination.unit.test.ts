import { z } from 'zod';
import { buildConnection } from './build-connection.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { parsePage, type PageArguments } from './parse-page.ts';

const badInput = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } });
const list = Array.from({ length: 7 }, (_, index) => index + 1);

/** A list as a database would page it by keyset. */
function read(args: PageArguments) {
  const page = parsePage(args, z.tuple([z.string().regex(/^\d+$/)]));
  const ordered = page.direction === 'forward' ? list : [...list].reverse();
  const rows = ordered
    .filter(
      (row) =>
        (page.after === undefined || row > Number(page.after[0])) &&
        (page.before === undefined || row < Number(page.before[0])),
    )
    .slice(0, page.limit + 1);
  return buildConnection(rows, page, (row) => [String(row)]);
}

describe('paging', () => {
  test('reads every row once forwards', () => {
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const { nodes, pageInfo } = read({ first: 3, after });
      seen.push(...nodes);
      expect(pageInfo.hasPreviousPage).toBe(after !== null);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(list);
  });

  test('reads backward pages in the order of the list', () => {
    const last = read({ last: 3 });
    expect(last.nodes).toEqual([5, 6, 7]);
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const before = read({ last: 4, before: last.pageInfo.startCursor });
    expect(before.nodes).toEqual([1, 2, 3, 4]);
    expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  test('an empty list has no cursors', () => {
    const { edges, ...rest } = buildConnection([], parsePage({}), () => ['1']);
    expect(edges()).toEqual([]);
    expect(rest).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test('a page has 20 rows by default', () => {
    expect(parsePage({ first: null })).toEqual({ limit: 20, direction: 'forward' });
  });

  test.each<PageArguments>([
    { first: 0 },
    { first: -1 },
    { first: 101 },
    { last: 101 },
    { first: 1, last: 1 },
    { first: 1, before: encodeCursor(['1']) },
    { last: 1, after: encodeCursor(['1']) },
    { after: '' },
    { after: 'x' },
    { after: `${encodeCursor(['1'])}=` },
    { after: encodeCursor([]) },
    { after: Buffer.from('{"0":"1"}').toString('base64url') },
    { after: Buffer.from('[1]').toString('base64url') },
    { after: encodeCursor(['1', '2']) },
    { after: encodeCursor(["1' OR 1=1"]) },
    { after: encodeCursor(['1'.repeat(2_000)]) },
  ])('%j is rejected', (args) => {
    expect(() => read(args)).toThrow(badInput);
  });

  test('a cursor preserves any text', () => {
    const parts = ['2026-01-31T12:00:00.000Z', 'ü"\\', ''];
    expect(decodeCursor(encodeCursor(parts))).toEqual(parts);
  });
});
