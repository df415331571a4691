import { readFileSync } from 'node:fs';
import { buildASTSchema, parse, validate } from 'graphql';

test('the first operation is valid for the committed supergraph', () => {
  const schema = buildASTSchema(parse(readFileSync('gateway/supergraph.graphql', 'utf8')), { assumeValidSDL: true });
  const operation = readFileSync('gateway/graphiql/operations/products.graphql', 'utf8');
  expect(validate(schema, parse(operation))).toEqual([]);
});
