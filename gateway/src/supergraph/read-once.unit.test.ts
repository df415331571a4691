import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The files that may import `parse`. All but the first parse operations, not the supergraph. */
const parsers = [
  'cache/read-fetch-rule.ts',
  'execution/answers/checked-data-source.ts',
  'execution/transport/data-source.ts',
  'execution/transport/subgraph-caller.ts',
  'persisted-operations/is-introspection-document.ts',
  'persisted-operations/prepare-documents.ts',
  'planning/prepare-for-hive.ts',
  'planning/resolve-variants.ts',
  'signing-proxy/call-subgraph.ts',
  'subscriptions/read-operation.ts',
  'subscriptions/websocket/serve-socket.ts',
  'supergraph/parse-selections.ts',
  'supergraph/read-supergraph.ts',
  'validation/read-document.ts',
];

const root = 'gateway/src';
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\/test\//.test(file))
  .map((file) => ({ file: file.split(path.sep).join('/'), text: readFileSync(path.join(root, file), 'utf8') }));

function findParsers(files: typeof sources): string[] {
  const imported = /import \{[^}]*\b(parse|buildSchema|buildASTSchema)\b[^}]*\} from 'graphql'/;
  return files.filter(({ text }) => imported.test(text)).map(({ file }) => file);
}

/** The packages and folders that a file imports. */
function listImports(text: string): string[] {
  return [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name);
}

test('only one file parses the supergraph', () => {
  expect(sources.length).toBeGreaterThan(40);
  expect(findParsers(sources).sort()).toEqual(parsers);
});

test('the check finds a second parser', () => {
  const planted = { file: 'limits/planted.ts', text: "import { Kind, parse } from 'graphql';\nparse(supergraphSdl);" };
  expect(findParsers([...sources, planted])).toContain('limits/planted.ts');
});

test('the model and the access rules can be copied to another project', () => {
  const copied = sources.filter(({ file }) => /^(supergraph|access)\/|^execution\/execution-stages/.test(file));
  const imports = new Set(copied.flatMap(({ text }) => listImports(text)).filter((name) => !name.startsWith('./')));
  expect([...imports].sort()).toEqual([
    '../execution/execution-stages.ts',
    '../model.ts',
    '../supergraph/index.ts',
    '@apollo/server',
    '@shop/access',
    'graphql',
    'node:crypto',
  ]);
});
