import { readFileSync } from 'node:fs';
import { parse, print, type DocumentNode } from 'graphql';
import type { ExecutionRequest, ExecutionResult } from '../execution/execution-stages.ts';
import { readSupergraph, type Supergraph } from '../supergraph/index.ts';
import { enforceAccess } from './enforce-access.ts';

const composed = readFileSync('gateway/supergraph.graphql', 'utf8');
const supergraph = readSupergraph(composed);
const anonymous = { isAuthenticated: false, scopes: new Set<string>() };
const signedIn = { isAuthenticated: true, scopes: new Set<string>() };

const small = (type: string) => `
  schema
    @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
    @link(url: "https://specs.shop.example/shop/v0.1", import: [{ name: "@nullForAnonymous", as: "@mine" }]) { query: Q }
  type Q { a: A ${type}: A${type === 'never' ? '!' : ''} @mine x: Int both: Int @authenticated @mine }
  type A { b: Int c: Int @mine }`;

/** Returns the answer, and the text of the operation that is planned. */
async function ask(query: string, credentials = anonymous, graph: Supergraph = supergraph, data: unknown = {}) {
  const planned: string[] = [];
  const stage = enforceAccess({ supergraph: graph, getCredentials: () => credentials });
  const request = { document: parse(query), request: {}, context: {}, queryHash: 'h' } as unknown as ExecutionRequest;
  const answer = await stage(request, async ({ document }) => {
    planned.push(print(document as DocumentNode).replace(/\s+/g, ' '));
    return { data } as ExecutionResult;
  });
  return { answer, planned };
}

test('an anonymous caller gets null for me, without an error and without a plan', async () => {
  expect(await ask('{ me { orders { nodes { customer { email } } } } }')).toEqual({
    answer: { data: { me: null } },
    planned: [],
  });
  expect(
    await ask(
      'query($d: Boolean = true) { a: me { id } ...F b: me @skip(if: $d) { id } } fragment F on Query { me { id } }',
    ),
  ).toEqual({
    answer: { data: { a: null, me: null } },
    planned: [],
  });
});

test('the rest of the operation is planned', async () => {
  const { answer, planned } = await ask('{ me { id } categories { id } }', anonymous, supergraph, { categories: [] });
  expect(answer).toEqual({ data: { me: null, categories: [] } });
  expect(planned).toEqual(['{ categories { id } }']);
});

test('a caller who is signed in gets the field', async () => {
  const { planned } = await ask('{ me { id } }', signedIn);
  expect(planned).toEqual(['{ me { id } }']);
});

test('the directive works below the root, by another name, and beside an access rule', async () => {
  const graph = readSupergraph(small('mine'));
  const { answer, planned } = await ask('{ a { b c } mine { b } x }', anonymous, graph, { a: { b: 1 }, x: 2 });
  expect(JSON.stringify(answer)).toBe('{"data":{"a":{"b":1,"c":null},"mine":null,"x":2}}');
  expect(planned).toEqual(['{ a { b } x }']);
  const both = (await ask('{ both }', anonymous, graph)).answer;
  expect(both).toMatchObject({ data: { both: null }, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('a field that cannot be null may not have the directive', () => {
  expect(() => readSupergraph(small('never'))).toThrow('Q.never has @nullForAnonymous and cannot be null');
});
