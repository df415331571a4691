/**
 * Composes gateway/supergraph.graphql from supergraph.yaml, as `rover supergraph compose` does.
 *
 *   node scripts/compose.mjs           writes the file when it changes
 *   node scripts/compose.mjs --check   writes nothing; exits 1 when the file is not what composition gives
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { GraphQLError, parse, Source } from 'graphql';
import { parse as parseYaml } from 'yaml';

const input = 'supergraph.yaml';
const output = 'gateway/supergraph.graphql';

class CompositionFailure extends Error {}

/** Reads each subgraph's schema; a syntax error names its file. */
function readSubgraph([name, { routing_url: url, schema }]) {
  const text = readFileSync(schema.file, 'utf8');
  try {
    return { name, url, typeDefs: parse(new Source(text, schema.file)) };
  } catch (error) {
    const at = error instanceof GraphQLError ? error.locations?.[0] : undefined;
    throw new CompositionFailure(`${schema.file}:${at?.line ?? 1}:${at?.column ?? 1} ${error.message}`);
  }
}

/** `subgraphs/user/schema.graphql:12:3`, for each place that an error or a hint speaks of. */
function placesOf(nodes) {
  return (nodes ?? [])
    .filter((node) => node.loc)
    .map(({ loc }) => `\n    ${loc.source.name}:${loc.startToken.line}:${loc.startToken.column}`)
    .join('');
}

function compose() {
  const { subgraphs } = parseYaml(readFileSync(input, 'utf8'));
  const { supergraphSdl, errors, hints } = composeServices(Object.entries(subgraphs).map(readSubgraph));
  if (errors) {
    const lines = errors.map(
      (error) => `  ${error.extensions?.code ?? 'ERROR'}: ${error.message}${placesOf(error.nodes)}`,
    );
    throw new CompositionFailure(`The subgraphs do not compose:\n${lines.join('\n')}`);
  }
  for (const hint of hints) {
    console.warn(`hint ${hint.definition.code}: ${hint.message}${placesOf(hint.nodes)}`);
  }
  return `${supergraphSdl.trimEnd()}\n`;
}

function readCurrent() {
  try {
    return readFileSync(output, 'utf8');
  } catch {
    return undefined;
  }
}

try {
  const supergraph = compose();
  if (supergraph === readCurrent()) {
    console.log(`${output} is up to date`);
  } else if (process.argv.includes('--check')) {
    throw new CompositionFailure(`${output} is not what ${input} composes to: run \`npm run compose\` and commit it.`);
  } else {
    writeFileSync(output, supergraph);
    console.log(`${output} is written`);
  }
} catch (error) {
  if (!(error instanceof CompositionFailure) && error.code !== 'ENOENT') throw error;
  console.error(error.message);
  process.exitCode = 1;
}
