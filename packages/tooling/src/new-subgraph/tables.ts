import { ExpectedError } from '@shop/process';
import type { Names } from './names.ts';

/** Adds the lines of a new subgraph to one file that lists all subgraphs. */
export interface TableEdit {
  /** Relative to the root. */
  readonly file: string;
  /** @throws ExpectedError when the place for the lines is not found */
  apply(text: string): string;
}

/** The edits of the tables in which a subgraph has an entry. Generated files are not among them. */
export function listTableEdits(names: Names, port: number): readonly TableEdit[] {
  const { name, names: list, typeName, upperName } = names;
  const edit = (file: string, ...changes: readonly Change[]): TableEdit => ({
    file,
    apply: (text) => changes.reduce((changed, change) => change(changed, file), text),
  });
  return [
    edit(
      'packages/contracts/src/services.ts',
      insertBefore(
        /^\} as const satisfies Readonly<Record<string, ServiceDefinition>>;/m,
        `  ${name}: {
    port: ${port},
    publishes: { stream: '${upperName}', subjects: ['shop.${name}.>'] },
    follows: { user: [userDeleted] },
    asks: [],
    hasSeed: false,
    issuesTokens: false,
  },
`,
      ),
    ),
    edit(
      'packages/contracts/src/index.ts',
      insertBefore(/^export \* from '\.\/services\.ts';/m, `export * from './${name}.ts';\n`),
    ),
    edit(
      'supergraph.yaml',
      append(`  ${name}:
    routing_url: http://127.0.0.1:${port}/graphql
    schema:
      file: subgraphs/${name}/schema.graphql
`),
    ),
    edit(
      '.vscode/launch.json',
      insertBefore(
        /\n {2}\]\n\}\s*$/,
        // `npm run dev` opens the inspector of a service 10000 above its port.
        `,
    {
      "name": "Attach: ${name}, under npm run dev",
      "type": "node",
      "request": "attach",
      "address": "127.0.0.1",
      "port": ${port + 10_000},
      "restart": true,
      "outFiles": ["\${workspaceFolder}/dist/${name}.js"]
    }`,
      ),
    ),
    edit(
      'e2e/access-matrix.ts',
      insertAfterLast(/^ {2}Query\..*\n/gm, row(`Query.${list}`, 'value', 'value', 'value', 'value', 'value')),
      insertAfterLast(
        /^ {2}Mutation\..*\n/gm,
        row(`Mutation.create${typeName}`, 'UNAUTHENTICATED', ...repeat('InvalidInput', 4)),
      ),
      insertAfterLast(
        /^ {2}PageInfo: .*\n/gm,
        `  ${typeName}: 'id product author text createdAt',
  ${typeName}Connection: 'edges nodes pageInfo totalCount',
  ${typeName}Edge: 'node cursor',
`,
      ),
      replace(/(\n {2}Product:\s+')/, `$1${list} `),
      insertAfterLast(/^ {2}\w+Success: '.*',\n/gm, `  Create${typeName}Success: '${name}',\n`),
    ),
    edit(
      'e2e/access-questions.ts',
      insertBefore(
        /^\};\n\nconst queries\b/m,
        `  create${typeName}: [
    '${name}',
    'Create${typeName}Input',
    () => ({ productId: missing, text: '', idempotencyKey: randomUUID() }),
  ],
`,
      ),
      insertBefore(/^\};\n\nconst selections\b/m, `  ${list}: () => ['${name}', '${list} { totalCount }'],\n`),
    ),
  ];
}

type Change = (text: string, file: string) => string;

const repeat = (cell: string, times: number): string[] => Array.from({ length: times }, () => cell);

function row(member: string, ...cells: readonly string[]): string {
  return `  ${member.padEnd(26)} | ${cells
    .map((cell) => cell.padEnd(19))
    .join(' | ')
    .trimEnd()}\n`;
}

const append =
  (lines: string): Change =>
  (text) =>
    `${text.trimEnd()}\n${lines}`;

const insertBefore =
  (place: RegExp, lines: string): Change =>
  (text, file) => {
    const at = requirePlace(place.exec(text), place, file);
    return text.slice(0, at.index) + lines + text.slice(at.index);
  };

const insertAfterLast =
  (place: RegExp, lines: string): Change =>
  (text, file) => {
    const at = requirePlace([...text.matchAll(place)].at(-1), place, file);
    const end = at.index + at[0].length;
    return text.slice(0, end) + lines + text.slice(end);
  };

const replace =
  (place: RegExp, replacement: string): Change =>
  (text, file) => {
    requirePlace(place.exec(text), place, file);
    return text.replace(place, replacement);
  };

function requirePlace(match: RegExpExecArray | null | undefined, place: RegExp, file: string): RegExpExecArray {
  if (match) return match;
  throw new ExpectedError(
    `${file} has no place for a new subgraph: no text matches ${String(place)}. Add the entry by hand, ` +
      'or restore the form of the file.',
  );
}
