/**
 * Compares the schema that clients see, and each subgraph's, with those of a git revision.
 *
 *   npm run schema:check -- [BASE] [--strict]
 *
 * BASE is a branch, tag or commit: origin/main where it is left out, else main, else the commit before. Exits 1 when a change breaks an
 * operation of clients/operations, be it as it is now or as it was then; with --strict on any breaking change; 2 when it cannot compare.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildASTSchema, parse, Source } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { readApiSchema } from './codegen/api-schema.mjs';
import { compare } from './schema-check/compare.mjs';
import { NothingToCompare } from './schema-check/failure.mjs';
import { reportComparison } from './schema-check/report.mjs';
import { openRevision } from './schema-check/revision.mjs';
import { operationsOf } from './schema-check/usage.mjs';

const supergraph = 'gateway/supergraph.graphql';
const folder = 'clients/operations';
const isDocument = (file) => file.endsWith('.graphql');

const here = {
  read: (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
  list: (directory) =>
    existsSync(directory) ? readdirSync(directory).map((name) => path.posix.join(directory, name)) : [],
};

function operationsAt(place) {
  return operationsOf(
    place
      .list(folder)
      .filter(isDocument)
      .map((file) => ({ file, document: parse(new Source(place.read(file), file)) })),
  );
}

/** Those of both revisions: a client that was built then still sends what stood there then. */
function operationsOfBoth(base) {
  const now = operationsAt(here);
  const textOf = ({ document }) => JSON.stringify(document, (key, value) => (key === 'loc' ? undefined : value));
  const known = new Set(now.map(textOf));
  const gone = operationsAt(base).filter((operation) => !known.has(textOf(operation)));
  return [...now, ...gone.map((operation) => ({ ...operation, name: `${operation.name} as it was` }))];
}

const subgraphSchema = (text) =>
  buildASTSchema(parse(text, { noLocation: true }), { assumeValid: true, assumeValidSDL: true });

async function check({ positionals: [wanted, ...others], values }) {
  if (others.length > 0)
    throw new NothingToCompare(`One revision is compared with, and "${others.join(' ')}" is one too many.`);
  const base = openRevision(wanted);
  const before = readApiSchema(base.require(supergraph));
  const result = await compare(before, readApiSchema(readFileSync(supergraph, 'utf8')), operationsOfBoth(base));
  reportComparison('The schema that clients see', base.label, result);

  const { subgraphs } = parseYaml(readFileSync('supergraph.yaml', 'utf8'));
  for (const [name, { schema }] of Object.entries(subgraphs)) {
    const old = base.read(schema.file);
    if (old === undefined) console.log(`Subgraph ${name}: new`);
    else
      reportComparison(
        `Subgraph ${name}`,
        base.label,
        await compare(subgraphSchema(old), subgraphSchema(readFileSync(schema.file, 'utf8')), []),
      );
  }

  const broken = result.breaking.filter(({ brokenOperations }) => brokenOperations.length > 0);
  const isBad = result.invalid.length > 0 || (values.strict ? result.breaking : broken).length > 0;
  if (!isBad && result.breaking.length > 0)
    console.log(`No operation of ${folder} uses what breaks. Other clients may.`);
  return isBad ? 1 : 0;
}

try {
  process.exitCode = await check(
    parseArgs({ allowPositionals: true, options: { strict: { type: 'boolean', default: false } } }),
  );
} catch (error) {
  if (!(error instanceof NothingToCompare) && error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw error;
  if (error.isOptional) console.log(`${error.message} Skipped.`);
  else {
    console.error(error.message);
    process.exitCode = 2;
  }
}
