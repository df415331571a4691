import path from 'node:path';

const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type FileFormat = (typeof FORMATS)[number];

/** The format that is named, or that the file's name ends in. Throws when there is none. */
export function formatOf(file: string, named?: string): FileFormat {
  const extension = path.extname(file).slice(1).toLowerCase();
  const wanted = named ?? (extension === 'jsonl' ? 'ndjson' : extension);
  const format = FORMATS.find((candidate) => candidate === wanted);
  if (format === undefined) throw new Error(`The format "${wanted}" is unknown: it is one of ${FORMATS.join(', ')}.`);
  return format;
}
