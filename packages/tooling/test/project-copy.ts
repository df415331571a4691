import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serviceNames } from '@shop/contracts';
import { findStaleFiles, generate } from '../src/generate/generate.ts';

/** The files below a folder. Paths are relative to it. */
export interface ProjectFiles {
  readonly root: string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Replaces a part of a file; throws when that changes nothing. */
  change(file: string, from: string | RegExp, to: string): void;
}

/** Some files of the project in a temporary folder, where a test can change them. */
export interface ProjectCopy extends ProjectFiles {
  /** Runs one generator; returns the files that it changed. */
  generate(name: string): Promise<string[]>;
  /** Files of one generator, or of all, that are out of date. */
  findStale(...names: string[]): Promise<string[]>;
  remove(): void;
}

export function openFiles(root: string): ProjectFiles {
  const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
  function write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return {
    root,
    read,
    write,
    change(file, from, to) {
      const before = read(file);
      const after = before.replace(from, to);
      if (after === before) throw new Error(`${file} has no ${from}.`);
      write(file, after);
    },
  };
}

/** Copies files and folders of the project. Give their paths relative to the root. */
export function copyProject(places: readonly string[]): ProjectCopy {
  const root = mkdtempSync(path.join(tmpdir(), 'project-'));
  for (const place of [...places, '.oxfmtrc.json']) cpSync(place, path.join(root, place), { recursive: true });
  return {
    ...openFiles(root),
    generate: (name) => generate({ root, only: [name] }),
    findStale: (...names) => findStaleFiles({ root, only: names.length === 0 ? undefined : names }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The schemas of all subgraphs, and the list of them. */
export const schemaFiles = ['supergraph.yaml', ...serviceNames.map((name) => `subgraphs/${name}/schema.graphql`)];
