import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Files of the project, by their paths relative to its root. */
export interface Project {
  readonly root: string;
  /** Text of a file; `undefined` when there is none. */
  read(file: string): string | undefined;
  /** Text of a file. @throws Error when there is none */
  require(file: string): string;
  /** Paths of what is in a folder, sorted; none when there is no such folder. */
  list(folder: string): string[];
}

/**
 * Opens the files of a project.
 *
 * @param overlay texts that override the files on disk: generators see the results of earlier ones before they are
 * written
 */
export function openProject(root: string, overlay: ReadonlyMap<string, string> = new Map()): Project {
  const project: Project = {
    root,
    read: (file) => overlay.get(file) ?? (existsSync(path.join(root, file)) ? project.require(file) : undefined),
    require: (file) => overlay.get(file) ?? readFileSync(path.join(root, file), 'utf8'),
    list(folder) {
      const there = existsSync(path.join(root, folder)) ? readdirSync(path.join(root, folder)) : [];
      const made = [...overlay.keys()].filter((file) => path.posix.dirname(file) === folder);
      return [...new Set([...there.map((name) => path.posix.join(folder, name)), ...made])].sort();
    },
  };
  return project;
}
