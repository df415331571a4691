import { readdirSync, readFileSync } from 'node:fs';
import { buildASTSchema, parse, validate } from 'graphql';

const folder = 'gateway/graphiql/operations';
const schema = buildASTSchema(parse(readFileSync('gateway/supergraph.graphql', 'utf8')), { assumeValidSDL: true });
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }));

test('each tab has an operation', () => {
  expect(files.map(({ name }) => name)).toEqual([
    'order.graphql',
    'pay.graphql',
    'products.graphql',
    'sign-in.graphql',
    'watch.graphql',
  ]);
});

test.each(files)('$name is valid for the committed supergraph', ({ text }) => {
  expect(validate(schema, parse(text))).toEqual([]);
});

test.each(files)('the hint of $name fits into the editor', ({ text }) => {
  const hint = text.split('\n').filter((line) => line.startsWith('#'));
  expect(hint.length).toBeGreaterThan(0);
  expect(Math.max(...hint.map(({ length }) => length))).toBeLessThanOrEqual(48);
});
