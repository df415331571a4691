import { migrate } from '@shop/migrations';
import { uuidv7 } from '@shop/subgraph';
import { createRandom, startTestDatabase, type TestDatabase } from '@shop/testing';
import pg from 'pg';
import { openDatabase, type Database } from '../db/database.ts';
import { askAboutWords } from '../db/product-search.ts';
import { cutWords } from '../domain/search-query.ts';
import { browseProducts } from './browse-products.ts';
import { createCategory } from './create-category.ts';
import { createProduct } from './create-product.ts';
import { updateProduct } from './update-product.ts';

let server: TestDatabase;
let database: Database;
const deps = () => ({ database, now: () => new Date() });

beforeAll(async () => {
  server = await startTestDatabase('product');
  database = openDatabase(server.url);
});
afterAll(async () => {
  await database?.close();
  await server?.stop();
});

/** Puts products with these names on sale, in a category of their own. Those in an object have a SKU. */
async function shelve(...products: (string | { name?: string; sku?: string; description?: string })[]) {
  const slug = uuidv7();
  await createCategory(deps(), { slug, name: 'Shelf' });
  for (const product of products) {
    const outcome = await createProduct(
      deps(),
      {
        // Without the letters and digits that searches below look for.
        sku: uuidv7().replaceAll(/[0-9a-f]/g, (digit) => 'ghijklmnopqrstuv'[Number.parseInt(digit, 16)] ?? ''),
        name: 'A thing',
        description: '',
        price: { amount: 1, currencyCode: 'USD' },
        category: slug,
        initialStock: 0,
        ...(typeof product === 'string' ? { name: product } : product),
      },
      null,
    );
    if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
  }
  return {
    find: async (search: string) => {
      const { nodes, totalCount, cappedCount } = await browseProducts(
        deps(),
        { filter: { search, category: slug } },
        false,
      );
      expect(await totalCount()).toBe(nodes.length);
      expect(await cappedCount()).toEqual({ count: nodes.length, isCapped: false });
      return nodes.map(({ name, sku }) => (name === 'A thing' ? sku : name)).sort();
    },
    list: async (direction: 'ASC' | 'DESC') => {
      const names: string[] = [];
      for (let after: string | null | undefined; ;) {
        const sort = { field: 'NAME', direction } as const;
        const page = await browseProducts(deps(), { filter: { category: slug }, sort, first: 2, after }, false);
        names.push(...page.nodes.map(({ name }) => name));
        if (!page.pageInfo.hasNextPage) return names;
        after = page.pageInfo.endCursor;
      }
    },
  };
}

test.each([
  [['T–Shirt q'], ['T–Shirt q', 't-shirt q', 'T—SHIRT', 'shirt']],
  [
    ["O'Brien q ski", 'O’Brien q board'],
    ['O’Brien q', "O'Brien q", 'obrien', 'OʼBrien Q'],
  ],
  [
    ['Cafe noir', 'Café noir', 'Cafe\u0301 noir'.normalize('NFD')],
    ['cafe', 'Café', 'CAFE\u0301', 'ｃａｆé'],
  ],
  [['Crème'], ['creme', 'Cre\u0300me', 'CRÈME']],
  [['ＡＢＣ ｶﾞﾗｽ'], ['abc', 'ガラス', 'ＡＢＣ']],
  [['ΟΔΟΣ Σίσυφος'], ['σισυφος', 'ΣΊΣΥΦΟΣ', 'οδός']],
  [['Straße'], ['strasse', 'STRASSE', 'straße']],
  [['Smørrebrød Łódź'], ['smorrebrod', 'lodz']],
  [['Беспроводной телефон'], ['ТЕЛЕФОН', 'телефо', 'тилефон', 'беспроводной']],
  [['新款手机壳'], ['手机', '手机壳', '壳', '款手', '新款手机壳']],
  [['ワイヤレスイヤホン'], ['イヤホン', 'ワイヤレス']],
  [['กาแฟสด'], ['แฟ', 'กาแฟ']],
  [['무선전화기'], ['전화']],
  [['Lamp'], ['the lamp', 'lamps', 'lam', 'lampp']],
])('of %j, all are found by each of %j', async (names, searches) => {
  const { find } = await shelve(...names, 'Another');
  const expected = names.map((name) => name.normalize('NFC')).sort();
  for (const search of searches) expect({ search, found: await find(search) }).toEqual({ search, found: expected });
});

test('a part of a SKU is found, alone and with other words', async () => {
  const { find } = await shelve({ sku: 'TBX-48213.7_W' }, { sku: 'TBX-9' }, { sku: 'OTHER', description: 'Boxes' });
  for (const search of ['821', 'bx-482', '13.7', 'TBX48213', 'tbx-48213.7_w', '482 thing', 'thing 8213'])
    expect({ search, found: await find(search) }).toEqual({ search, found: ['TBX-48213.7_W'] });
  expect(await find('tbx')).toEqual(['TBX-48213.7_W', 'TBX-9']);
  expect(await find('box')).toEqual(['OTHER']);
  expect(await find('48214')).toEqual([]);
});

test('a change of name, SKU or description changes what finds the product, and other changes do not', async () => {
  const { find } = await shelve({ name: 'Before', sku: 'BEFORE-SKU' });
  const { id } = (await database.client.product.findUnique({ where: { sku: 'BEFORE-SKU' } })) as { id: string };
  await updateProduct(deps(), { id, onSale: false });
  await updateProduct(deps(), { id, onSale: true });
  expect(await find('before')).toEqual(['Before']);
  await updateProduct(deps(), { id, name: 'After', sku: 'SINCE-SKU', description: 'Später' });
  expect(await find('before')).toEqual([]);
  for (const search of ['after', 'since', 'spater']) expect(await find(search)).toEqual(['After']);
});

test('names are listed as in a dictionary, with numbers by their value, in both directions', async () => {
  const sorted = ['Äpfel', 'apple', 'Banana', 'Éclair', 'Lamp 2', 'Lamp 10', 'Zebra', 'Ωμέγα', 'Яблоко'];
  const { list } = await shelve(...[...sorted].reverse());
  expect(await list('ASC')).toEqual(sorted);
  expect(await list('DESC')).toEqual([...sorted].reverse());
});

/** All characters of Unicode that this version of Node.js knows, except those for private use. */
function listCharacters(): string[] {
  return Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).filter(
    (character) => character.isWellFormed() && !/[\p{Cn}\p{Co}\0]/u.test(character),
  );
}

test('the database and this process cut texts into the same words, at every character', async () => {
  const client = new pg.Client(server.url);
  await client.connect();
  const ask = async <Row extends object>(sql: string, values: unknown[]) => (await client.query<Row>(sql, values)).rows;
  const different: unknown[] = [];
  let compared = 0;
  try {
    for (let characters = listCharacters(); characters.length > 0; characters = characters.slice(10_000)) {
      // Node.js may know letters of a newer version of Unicode than PostgreSQL and its ICU.
      const known = await ask<{ character: string; lower: string }>(
        `SELECT character, lower(character COLLATE "und-x-icu") AS lower FROM unnest($1::text[]) AS character
          WHERE unicode_assigned(character)`,
        [characters.slice(0, 10_000)],
      );
      const texts = known
        .filter(({ character, lower }) => lower !== character || character.toLowerCase() === character)
        .map(({ character }) => `a${character}B${character}`);
      compared += texts.length;
      const rows = await ask<{ words: string[] }>(
        'SELECT search_words(text) AS words FROM unnest($1::text[]) WITH ORDINALITY AS t(text, at) ORDER BY at',
        [texts],
      );
      for (const [index, { words }] of rows.entries()) {
        const ours = cutWords(texts[index] as string);
        if (JSON.stringify(ours) !== JSON.stringify(words)) different.push([texts[index], ours, words]);
      }
    }
  } finally {
    await client.end();
  }
  expect(different).toEqual([]);
  expect(compared).toBeGreaterThan(140_000);
});

test('texts of ASCII alone have the words and lexemes that they have beside other characters', async () => {
  const random = createRandom(1);
  const signs = `${String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index))}\t\n   '''`;
  const words = ['phones', "women's", 'the', 'running', 'X1', '2026', 'a'.repeat(120), 'Lights', 'and', 'T-Shirt'];
  const text = (): string =>
    Array.from({ length: random.below(30) }, () =>
      random.below(3) === 0 ? (signs[random.below(signs.length)] ?? '') : `${words[random.below(words.length)]} `,
    ).join('');
  // More words than a position can count. They differ: of a word that stands more than 256 times, PostgreSQL keeps any 256 positions.
  const long = Array.from({ length: 17_000 }, (_, index) => `w${index}`).join(' ');
  const texts = ['', "'", ' ', long, ...Array.from({ length: 300 }, text)];
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    // A dash that is no ASCII separates words, and is no part of one.
    const { rows } = await client.query(
      `SELECT text FROM unnest($1::text[]) AS text
        WHERE search_words(text) IS DISTINCT FROM search_words(text || ' —')
           OR product_search_words(text, left(text, 64), text) IS DISTINCT FROM product_search_words(text, left(text, 64), text || ' —')`,
      [texts],
    );
    expect(rows).toEqual([]);
    const known = await client.query(
      `SELECT product_search_words('Women''s lamps', 'AB-12', 'The lamps')::text AS document`,
    );
    expect(known.rows).toEqual([
      { document: `'#ab1':1B '#b12':2B '12':2B 'ab':1B 'lamp':2A 'lamps':2A 'women':1A 'womens':1A` },
    ]);
  } finally {
    await client.end();
  }
});

test('words do not depend on the locale of the database', async () => {
  const name = `turkish_${uuidv7().replaceAll('-', '')}`;
  const admin = new pg.Client(server.url);
  await admin.connect();
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  try {
    await admin.query(
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'`,
    );
    await migrate({ schemaDir: 'prisma/product', databaseUrl: url.href });
    const turkish = new pg.Client(url.href);
    await turkish.connect();
    try {
      const { rows } = await turkish.query(
        `SELECT lower('I') AS lower, search_words('I İ ı T–Shirt ÉTÉ') AS words,
           product_search_words('IS ИГРА', 'I-1', 'Lights') AS document, search_query(ARRAY['lights']) AS query`,
      );
      const words = { words: ['i', 'i', 'i', 't', 'shirt', 'ete'] };
      expect(rows).toEqual([expect.objectContaining({ lower: 'ı', ...words })]);
      expect(rows[0]).toMatchObject({ document: expect.stringContaining(`'light':1C`) });
      expect(rows[0]).toMatchObject({ query: expect.stringContaining(`'light':*`) });
    } finally {
      await turkish.end();
    }
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
});

test('only words that SKUs have as a part are looked for there', async () => {
  await shelve({ name: 'A heptagon', sku: 'HEX-123-YZ' });
  const asked: [terms: string[], parts: boolean[]][] = [
    [['heptagon'], [false]],
    [['hex'], [true]],
    [['he'], [false]],
    [
      ['hex', 'heptagon'],
      [true, false, false],
    ],
    [
      ['x', '123'],
      [false, true, true],
    ],
    [
      ['heptagons ex1', '緑茶'],
      [false, true, false, false],
    ],
  ];
  const found = asked.map(([terms]) => askAboutWords(database, terms));
  expect((await Promise.all(found)).map(({ partsOfSkus }) => partsOfSkus)).toEqual(asked.map(([, parts]) => parts));
});

test('a single text that is no word stands for the few words that it is the beginning of', async () => {
  await shelve({
    name: 'Dodecagon dodecahedron',
    description: Array.from({ length: 11 }, (_, n) => `quux${'abcdefghijk'[n]}`).join(' '),
  });
  const ask = async (...terms: string[]) => (await askAboutWords(database, terms)).completions.toSorted();
  expect(await ask('dodeca')).toEqual(['dodecagon', 'dodecahedron']);
  expect(await ask('dodecah')).toEqual(['dodecahedron']);
  expect(await ask('dodecagon')).toEqual([]);
  expect(await ask('odecagon')).toEqual([]);
  expect(await ask('quux')).toEqual([]);
  expect(await ask('dodecagon', 'dodeca')).toEqual([]);
  expect(await ask('dodeca dodecah')).toEqual([]);
});

test('the search that selects products finds the same as the search that ranks them', async () => {
  await shelve(
    { name: 'Quiet phones', sku: 'NOR-BAC-12AB', description: 'The durable phone of families, easy to clean.' },
    { name: 'Elegant phone', sku: 'ALT-PHO-34CD', description: 'Elegance and quiet for a family.' },
    { name: '緑茶の葉', sku: 'TEA-1', description: 'Phones are durable.' },
  );
  const words = [
    'quiet',
    'phones',
    'phone',
    'pho',
    'the',
    'of',
    'durable',
    'elegant',
    'families',
    'famil',
    '12ab',
    'nor',
    '緑茶',
    '茶',
  ];
  const terms = [...words, 'phones elegance', 'the durable', 'quiet of'];
  const searches = [
    ...terms.map((one) => [one]),
    ...terms.flatMap((one) => terms.map((other) => [one, other])),
    ...terms.flatMap((one) => terms.map((other) => [one, 'quiet', other])),
  ];
  const rows = await database.lists.query<{ terms: string[]; found: number; different: number }>(
    `WITH searches AS MATERIALIZED (
       SELECT terms, search_query(terms) AS ranking, search_filter(terms, parts, true) AS selecting
         FROM jsonb_array_elements($1::jsonb) AS one,
              LATERAL (SELECT array(SELECT jsonb_array_elements_text(one)) AS terms) AS texts,
              LATERAL (SELECT array(
                SELECT EXISTS (SELECT FROM products WHERE search_words @@ sku_part(text)) FROM (
                  SELECT unnest(string_to_array(array_to_string(terms, ' '), ' ')) AS text
                  UNION ALL SELECT array_to_string(terms, '')) AS asked) AS parts) AS asked)
     SELECT terms, count(*) FILTER (WHERE search_words @@ selecting)::int AS found,
            count(*) FILTER (WHERE (search_words @@ ranking) <> (search_words @@ selecting))::int AS different
       FROM searches CROSS JOIN products GROUP BY terms`,
    [JSON.stringify(searches)],
  );
  expect(rows.filter(({ different }) => different > 0)).toEqual([]);
  expect(rows.filter(({ found }) => found > 0).length).toBeGreaterThan(100);
});
