import { readFileSync } from 'node:fs';
import { buildASTSchema, parse, validate } from 'graphql';
import { firstDocument } from './first-document.ts';

test('the first document is valid for the committed supergraph', () => {
  const schema = buildASTSchema(parse(readFileSync('gateway/supergraph.graphql', 'utf8')), { assumeValidSDL: true });
  expect(validate(schema, parse(firstDocument))).toEqual([]);
});
