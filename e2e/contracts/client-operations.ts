import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { splitOperations } from '@shop/tooling';
import { parse, print, type OperationDefinitionNode } from 'graphql';

export interface ClientOperation {
  readonly name: string;
  readonly node: OperationDefinitionNode;
  /** The operation with its fragments. */
  readonly text: string;
}

/** Reads the operations of a folder of .graphql files, sorted by name. */
export function readClientOperations(folder: string): ClientOperation[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => ({ file: name, document: parse(readFileSync(path.join(folder, name), 'utf8')) }));
  return splitOperations(files)
    .map(({ name, node, document }) => ({ name, node, text: document.definitions.map(print).join('\n') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
