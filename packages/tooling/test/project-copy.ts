import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findStaleFiles, generate } from '../src/generate/generate.ts';

/** Some files of the project in a temporary folder, where a test can change them. */
export interface ProjectCopy {
  readonly root: string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Replaces a part of a file; throws when that changes nothing. */
  change(file: string, from: string | RegExp, to: string): void;
  /** Runs one generator; returns the files that it changed. */
  generate(name: string): Promise<string[]>;
  /** Files of one generator, or of all, that are out of date. */
  findStale(...names: string[]): Promise<string[]>;
  remove(): void;
}

/** Copies files and folders of the project. Give their paths relative to the root. */
export function copyProject(places: readonly string[]): ProjectCopy {
  const root = mkdtempSync(path.join(tmpdir(), 'project-'));
  for (const place of [...places, '.prettierrc.json']) cpSync(place, path.join(root, place), { recursive: true });
  const copy: ProjectCopy = {
    root,
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    write(file, text) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    },
    change(file, from, to) {
      const before = copy.read(file);
      const after = before.replace(from, to);
      if (after === before) throw new Error(`${file} has no ${from}.`);
      copy.write(file, after);
    },
    generate: (name) => generate({ root, only: [name] }),
    findStale: (...names) => findStaleFiles({ root, only: names.length === 0 ? undefined : names }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  return copy;
}

/** The schemas of all subgraphs, and the list of them. */
export const schemaFiles = [
  'supergraph.yaml',
  ...['user', 'product', 'order'].map((name) => `subgraphs/${name}/schema.graphql`),
];
