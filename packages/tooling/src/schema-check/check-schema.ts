import { buildASTSchema, parse, print } from 'graphql';
import { readApiSchema } from '../graph/api-schema.ts';
import { splitOperations } from '../graph/operations.ts';
import { parseFile } from '../graph/places.ts';
import { readSubgraphs, supergraphFile } from '../graph/subgraphs.ts';
import { openProject } from '../project.ts';
import { type ComparedOperation, type Comparison, compareSchemas } from './compare.ts';
import { NothingToCompareError, openRevision, type Revision } from './revision.ts';

/** Options of {@link checkSchema}. */
export interface SchemaCheckOptions {
  /** The project's root. Default: the current directory. */
  readonly root?: string;
  /** A branch, tag or commit. Default: the first that exists of origin/main, main and the commit before. */
  readonly base?: string | undefined;
  /** Fails on any breaking change, also on one that breaks no operation of clients/operations. Default: false. */
  readonly strict?: boolean;
}

/** The result of a schema check. {@link describeSchemaCheck} puts it into lines for people. */
export interface SchemaCheck {
  /** `skipped` when no base was named and none was found. */
  readonly verdict: 'passed' | 'failed' | 'skipped';
  /** Why the check was skipped. */
  readonly skipped?: string;
  /** The revision that was compared with, for people; empty when skipped. */
  readonly base: string;
  /** The schema that clients see, then each subgraph's. A new subgraph has nothing to compare with. */
  readonly comparisons: readonly { readonly title: string; readonly comparison: Comparison | undefined }[];
}

/**
 * Compares the schema that clients see, and each subgraph's, with those of a git revision. It fails when a change
 * breaks an operation of clients/operations, in its current form or its form at the revision.
 *
 * @throws NothingToCompareError when the named revision, or a schema in it, does not exist
 */
export async function checkSchema(options: SchemaCheckOptions = {}): Promise<SchemaCheck> {
  const { root = process.cwd(), base, strict = false } = options;
  try {
    const revision = openRevision(root, base);
    return await compareWith(revision, root, strict);
  } catch (error) {
    if (!(error instanceof NothingToCompareError) || !error.isOptional) throw error;
    return { verdict: 'skipped', skipped: error.message, base: '', comparisons: [] };
  }
}

async function compareWith(revision: Revision, root: string, strict: boolean): Promise<SchemaCheck> {
  const here = openProject(root);
  const graph = await compareSchemas(
    await readApiSchema(revision.require(supergraphFile)),
    await readApiSchema(here.require(supergraphFile)),
    readOperationsOfBoth(here, revision),
  );
  const subgraphs = await Promise.all(
    readSubgraphs(here).map(async ({ name, schemaFile }) => {
      const old = revision.read(schemaFile);
      return {
        title: `Subgraph ${name}`,
        comparison:
          old === undefined
            ? undefined
            : await compareSchemas(buildSubgraphSchema(old), buildSubgraphSchema(here.require(schemaFile)), []),
      };
    }),
  );
  const blocking = graph.breaking.filter(({ brokenOperations }) => strict || brokenOperations.length > 0);
  return {
    verdict: graph.invalid.length > 0 || blocking.length > 0 ? 'failed' : 'passed',
    base: revision.label,
    comparisons: [{ title: 'The schema that clients see', comparison: graph }, ...subgraphs],
  };
}

type Files = Pick<Revision, 'require' | 'list'>;

/** Operations of both revisions, since clients that were built then still send the old ones. */
function readOperationsOfBoth(here: Files, base: Files): ComparedOperation[] {
  const now = readOperations(here);
  const known = new Set(now.map(({ document }) => print(document)));
  const gone = readOperations(base).filter(({ document }) => !known.has(print(document)));
  return [...now, ...gone.map((operation) => ({ ...operation, name: `${operation.name} as it was` }))];
}

function readOperations(files: Files): ComparedOperation[] {
  return splitOperations(
    files
      .list('clients/operations')
      .filter((file) => file.endsWith('.graphql'))
      .map((file) => ({ file, document: parseFile(file, files.require(file)) })),
  );
}

/** A subgraph's schema uses federation's directives without defining them. */
const buildSubgraphSchema = (text: string) =>
  buildASTSchema(parse(text, { noLocation: true }), { assumeValid: true, assumeValidSDL: true });
