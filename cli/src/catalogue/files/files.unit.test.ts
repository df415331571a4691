import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';
import { readNdjson } from './read-ndjson.ts';
import type { SourceRow } from './source-row.ts';

/** Splits the text into pieces of every size, since a file's pieces may end anywhere. */
async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function all(rows: AsyncIterable<SourceRow>): Promise<SourceRow[]> {
  const found: SourceRow[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

describe.each([1, 7, 10_000])('in pieces of %d characters', (size) => {
  const csv = (text: string, delimiter?: string) => all(readCsv(pieces(text, size), delimiter));
  const json = (text: string) => all(readJson(pieces(text, size)));
  const ndjson = (text: string) => all(readNdjson(pieces(text, size)));

  test('reads quotes, line breaks and empty lines of CSV, and reports the line of each row', async () => {
    expect(await csv('sku,name\r\nA,"x, ""y"""\r\n\r\nB,"two\r\nlines"\r\nC,z')).toEqual([
      { number: 1, line: 2, values: { sku: 'A', name: 'x, "y"' } },
      { number: 2, line: 4, values: { sku: 'B', name: 'two\r\nlines' } },
      { number: 3, line: 6, values: { sku: 'C', name: 'z' } },
    ]);
    expect(await csv('sku;name\nA;x,y\n', ';')).toEqual([{ number: 1, line: 2, values: { sku: 'A', name: 'x,y' } }]);
  });

  test.each([
    ['sku,name\nA,x;y\n', { sku: 'A', name: 'x;y' }],
    ['sku;name\nA;x,y\n', { sku: 'A', name: 'x,y' }],
    ['\r\nsku\tname\r\nA\tx,y\r\n', { sku: 'A', name: 'x,y' }],
    ['"a,b,c,d";name\nA;x\n', { 'a,b,c,d': 'A', name: 'x' }],
    ['sep=;\r\nsku;name\r\nA;x,y', { sku: 'A', name: 'x,y' }],
    ['SEP=|\nsku|name\nA|x,y\n', { sku: 'A', name: 'x,y' }],
    ['sku\rA\r', { sku: 'A' }],
    ['sku', undefined],
  ])('finds the delimiter of CSV, and reads its sep line: %j', async (text, values) => {
    expect((await csv(text)).map((row) => 'values' in row && row.values)).toEqual(values ? [values] : []);
  });

  test('counts the sep line and lines within quotes', async () => {
    expect(await csv('sep=;\nsku;name\nA;"two\nlines"\nB;x;y\n')).toEqual([
      { number: 1, line: 3, values: { sku: 'A', name: 'two\nlines' } },
      { number: 2, line: 5, error: 'has 3 columns, and the heading has 2' },
    ]);
  });

  test('reports an invalid CSV row and reads the next one', async () => {
    expect(await csv('sku,name\nA,x\nB,b"c\nC\nD,y,z\nE,e\n')).toEqual([
      { number: 1, line: 2, values: { sku: 'A', name: 'x' } },
      { number: 2, line: 3, error: expect.stringContaining('quote') },
      { number: 3, line: 4, error: 'has 1 columns, and the heading has 2' },
      { number: 4, line: 5, error: 'has 3 columns, and the heading has 2' },
      { number: 5, line: 6, values: { sku: 'E', name: 'e' } },
    ]);
  });

  test('reports a CSV quote that is never closed', async () => {
    for (const end of ['\n', '\r\n']) {
      const lines = ['sku,name', 'A,x', '', 'B,"y', ...Array<string>(50).fill('C,z'), ''];
      expect(await csv(lines.join(end))).toEqual([
        { number: 1, line: 2, values: { sku: 'A', name: 'x' } },
        { number: 2, line: 4, error: 'a quote is never closed, so nothing after it can be read' },
      ]);
    }
  });

  test('reports text around a closed CSV quote once, and reads the next row', async () => {
    expect(await csv('sku,name\nA,"x" y,"\nB,"y\nC,z\n"D",w\nE,e\n')).toEqual([
      { number: 1, line: 2, error: expect.stringContaining('after the quote that closes the cell of line 2') },
      { number: 2, line: 3, error: expect.stringContaining('after the quote that closes the cell of line 3') },
      { number: 3, line: 6, values: { sku: 'E', name: 'e' } },
    ]);
  });

  test('reports a CSV column that appears twice', async () => {
    await expect(csv('sku,SKU\nA,B\n')).rejects.toThrow('the column "SKU" twice');
  });

  test('reads a JSON array of objects, and reports other values as invalid rows', async () => {
    expect(await json(' [ {"sku":"A","price":{"amount":1}}, 7,\n{"sku":"B"} ] ')).toEqual([
      { number: 1, line: 1, values: { sku: 'A', price: { amount: 1 } } },
      { number: 2, line: 1, error: 'is not an object' },
      { number: 3, line: 2, values: { sku: 'B' } },
    ]);
    expect(await json('[\n  {"sku":\n"é{[\\n"},\r\n\r\n{"sku":"B",\n"tags":[{}]}\n,\n[\n]]')).toEqual([
      { number: 1, line: 2, values: { sku: 'é{[\n' } },
      { number: 2, line: 5, values: { sku: 'B', tags: [{}] } },
      { number: 3, line: 8, error: 'is not an object' },
    ]);
    expect((await json('[\n{"sku":"A"},\n{"sku" "B"},\n{"sku":"C"}]')).at(-1)).toMatchObject({ number: 2, line: 3 });
    expect(await json('[]')).toEqual([]);
  });

  test.each([
    ['{"sku":"A"}', 1],
    ['', 1],
    ['[{"sku":"A"},{"sku":', 2],
    ['[{"sku":"A"} {"sku":"B"}]', 2],
    ['[{"sku":"A"}] x', 2],
  ])('reports broken JSON after the valid rows: %s', async (text, number) => {
    const rows = await json(text);
    expect(rows.at(-1)).toMatchObject({ number, error: expect.stringContaining('cannot be read') });
    expect(rows).toHaveLength(number);
  });

  test('reads one NDJSON row per line, with or without a final line break', async () => {
    expect(await ndjson('{"sku":"A\u2028"}\r\n\n{"sku"\n[1]\n{"sku":"B"}')).toEqual([
      { number: 1, line: 1, values: { sku: 'A\u2028' } },
      { number: 2, line: 3, error: expect.stringContaining('is not JSON') },
      { number: 3, line: 4, error: 'is not an object' },
      { number: 4, line: 5, values: { sku: 'B' } },
    ]);
  });
});

test('stops reading at a CSV quote that is not closed for a megabyte', async () => {
  let pieces = 0;
  async function* endless() {
    yield 'sku,name\nA,"';
    for (;;) yield `piece ${(pieces += 1)}\n`.padEnd(10_000, 'x');
  }
  expect(await all(readCsv(endless()))).toEqual([
    { number: 1, line: 2, error: expect.stringContaining('never closed') },
  ]);
  expect(pieces).toBe(Math.ceil((1024 * 1024) / 10_000));
});
