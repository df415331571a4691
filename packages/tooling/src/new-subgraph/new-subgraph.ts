import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { services } from '@shop/contracts';
import { ExpectedError } from '@shop/process';
import { buildSchema, isObjectType, type GraphQLSchema } from 'graphql';
import { formatFiles } from '../generate/format.ts';
import { deriveNames, type Names } from './names.ts';
import { listTableEdits } from './tables.ts';
import { renderTemplates } from './templates.ts';

/** The schema that clients see. */
const API_SCHEMA = 'clients/typescript/schema.graphql';

/** Options of {@link createSubgraph}. */
export interface NewSubgraphOptions {
  /** The project's root. */
  readonly root: string;
  /** The name of the subgraph and, in lower case, of its entity: `review`. */
  readonly name: string;
  /** Default: the regular English plural. */
  readonly plural?: string | undefined;
  /** Default: now. */
  readonly now?: Date;
}

/** A subgraph that was written. */
export interface NewSubgraph {
  readonly names: Names;
  readonly port: number;
  /** New files, relative to the root. */
  readonly created: readonly string[];
  /** Files that got an entry. */
  readonly changed: readonly string[];
}

/**
 * Writes a whole subgraph, and its entries in the tables. Checks everything first, so that it writes all files or none.
 *
 * @throws ExpectedError for a bad or taken name, or when a file already exists
 */
export async function createSubgraph(options: NewSubgraphOptions): Promise<NewSubgraph> {
  const { root, now = new Date() } = options;
  const names = deriveNames(options.name, options.plural);
  requireFreeName(names, buildSchema(await readFile(path.join(root, API_SCHEMA), 'utf8')));
  const port = Math.max(...Object.values(services).map((service) => service.port)) + 1;
  const files = await renderTemplates(root, names, toTimestamp(now));
  const taken = Object.keys(files).find((file) => existsSync(path.join(root, file)));
  if (taken !== undefined) {
    throw new ExpectedError(`${taken} exists already. Choose another name, or delete what is left of an earlier try.`);
  }
  const edits = listTableEdits(names, port);
  const tables: Record<string, string> = {};
  for (const { file, apply } of edits) tables[file] = apply(await readFile(path.join(root, file), 'utf8'));

  // Where a line breaks depends on the length of the name.
  for (const [file, text] of Object.entries(await formatFiles(root, { ...files, ...tables }))) {
    const target = path.join(root, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
  return { names, port, created: Object.keys(files), changed: Object.keys(tables) };
}

function requireFreeName({ name, names, typeName }: Names, schema: GraphQLSchema): void {
  for (const word of [name, names]) {
    if (word in services) throw new ExpectedError(`There is a subgraph "${word}" already. Choose another name.`);
  }
  const types = [
    typeName,
    `${typeName}Connection`,
    `${typeName}Edge`,
    `Create${typeName}Input`,
    `Create${typeName}Result`,
  ];
  const taken = types.find((type) => schema.getType(type) !== undefined);
  if (taken !== undefined) {
    throw new ExpectedError(`The graph has a type ${taken} already. Choose another name than "${name}".`);
  }
  for (const [root, field] of [
    [schema.getQueryType(), names],
    [schema.getMutationType(), `create${typeName}`],
    [schema.getType('Product'), names],
  ] as const) {
    if (isObjectType(root) && field in root.getFields()) {
      throw new ExpectedError(
        `The graph has a field ${root.name}.${field} already. Choose another name than "${name}".`,
      );
    }
  }
}

/** `YYYYMMDDHHMMSS` in UTC, as Prisma names migrations. */
const toTimestamp = (at: Date): string => at.toISOString().replace(/\D/g, '').slice(0, 14);
