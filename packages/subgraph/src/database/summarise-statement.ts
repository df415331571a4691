/** The names in a statement. They are code: values are parameters, and a summary has nothing else of the text. */
export interface StatementSummary {
  readonly operation: string;
  /** The table that it writes, or the first one that it reads. */
  readonly table: string | undefined;
}

const identifier = '"?[a-z_][a-z0-9_]*"?';
const table = `((?:${identifier}\\.)?${identifier})`;
// A name before a parenthesis is a function, except after INTO.
const notCalled = '(?![a-z0-9_"]|\\s*\\()';
// FOR UPDATE and DO UPDATE are parts of other statements.
const writes = [
  `\\b(INSERT)\\s+INTO\\s+${table}`,
  `(?<!\\b(?:FOR|DO|KEY)\\s+)\\b(UPDATE)\\s+(?:ONLY\\s+)?${table}${notCalled}`,
  `\\b(DELETE)\\s+FROM\\s+(?:ONLY\\s+)?${table}${notCalled}`,
];
const write = new RegExp(writes.join('|'), 'i');
const read = new RegExp(`\\bFROM\\s+(?:ONLY\\s+)?${table}${notCalled}`, 'i');

const maxKept = 2_000;
const kept = new Map<string, StatementSummary>();

/** Returns the operation and the table of a statement. */
export function summariseStatement(text: string): StatementSummary {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const summary = summarise(text);
  // Prisma writes texts that differ by the number of their parameters.
  if (kept.size >= maxKept) kept.clear();
  kept.set(text, summary);
  return summary;
}

function summarise(text: string): StatementSummary {
  const [, insert, into, update, updated, remove, from] = write.exec(text) ?? [];
  const operation = insert ?? update ?? remove;
  const written = into ?? updated ?? from;
  if (operation !== undefined) return { operation: operation.toUpperCase(), table: unquote(written) };
  const [first = 'SELECT'] = /[a-z]+/i.exec(text.replace(/^\/\*.*?\*\//, '')) ?? [];
  const verb = first.toUpperCase();
  return { operation: verb === 'WITH' ? 'SELECT' : verb, table: unquote(read.exec(text)?.[1]) };
}

function unquote(name: string | undefined): string | undefined {
  return name?.replaceAll('"', '').replace(/^public\./, '');
}
