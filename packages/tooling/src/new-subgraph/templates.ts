import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Names } from './names.ts';

const TEMPLATES = 'packages/tooling/templates/subgraph';

/**
 * The files of a new subgraph: the text of each by its path, relative to the root.
 *
 * @param time the timestamp of the first migration, `YYYYMMDDHHMMSS`
 */
export async function renderTemplates(root: string, names: Names, time: string): Promise<Record<string, string>> {
  const directory = path.join(root, TEMPLATES);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const fill = createFiller(names, time);
  return Object.fromEntries(
    await Promise.all(
      files.sort().map(async (file) => {
        const target = fill(
          path
            .relative(directory, file)
            .replaceAll(path.sep, '/')
            .replace(/\.tpl$/, ''),
        );
        return [target, fill(await readFile(file, 'utf8'))] as const;
      }),
    ),
  );
}

function createFiller(names: Names, time: string): (text: string) => string {
  const values: Readonly<Record<string, string>> = {
    __name__: names.name,
    __names__: names.names,
    __Name__: names.typeName,
    __Names__: names.typeNames,
    __NAME__: names.upperName,
    __a__: names.article,
    __A__: names.article === 'an' ? 'An' : 'A',
    __time__: time,
  };
  const placeholder = new RegExp(Object.keys(values).join('|'), 'g');
  return (text) => text.replace(placeholder, (found) => values[found] ?? found);
}
