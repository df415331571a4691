import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** An operation that clients can request by its id. */
export interface PersistedOperation {
  readonly name: string;
  readonly body: string;
}

/** Operations by their id. */
export type Manifest = ReadonlyMap<string, PersistedOperation>;

/** The form that Apollo's tools write. */
const apolloShape = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
      body: z.string().min(1),
    }),
  ),
});

/** The form that the client preset of GraphQL Code Generator writes: texts by their hashes. */
const presetShape = z.record(z.string().regex(/^sha256:[0-9a-f]{64}$/), z.string().min(1));

/** The id of an operation: the SHA-256 of its text, in hexadecimal. */
export const hashOperation = (body: string): string => createHash('sha256').update(body).digest('hex');

/**
 * Reads manifests of Apollo's tools or of GraphQL Code Generator, such as one for each client, and merges them.
 *
 * @throws Error that names the file, when it cannot be read, is not a manifest, or has an id that is not the hash of its text
 */
export function readManifests(files: readonly string[]): Manifest {
  const manifest = new Map<string, PersistedOperation>();
  for (const file of files) {
    for (const { id, name, body } of readManifest(file)) {
      if (id !== hashOperation(body))
        throw failure(file, `the id of its operation "${name}" is not the SHA-256 of its body`);
      manifest.set(id, { name, body });
    }
  }
  return manifest;
}

/** The names of the operations in manifests, whether they are in force or not. */
export function listOperationNames(files: readonly string[]): string[] {
  return [...readManifests(files).values()].map(({ name }) => name);
}

function readManifest(file: string) {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw failure(file, 'the file cannot be read', error);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw failure(file, 'the file is not JSON', error);
  }
  const preset = presetShape.safeParse(content);
  if (preset.success)
    return Object.entries(preset.data).map(([key, body]) => ({
      id: key.slice('sha256:'.length),
      name: /\b(?:query|mutation|subscription)\s+(\w+)/.exec(body)?.[1] ?? '',
      body,
    }));
  const parsed = apolloShape.safeParse(content);
  if (parsed.success) return parsed.data.operations;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  throw failure(file, `the file is not an Apollo manifest of version 1, at "${path.join('.')}"`, new Error(message));
}

function failure(file: string, reason: string, cause?: unknown): Error {
  return new Error(`PERSISTED_OPERATIONS_FILE: ${file} cannot be used: ${reason}`, { cause });
}
