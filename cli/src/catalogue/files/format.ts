import path from 'node:path';

export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type FileFormat = (typeof FORMATS)[number];

/** A file of products, and how it is written. */
export interface CatalogueFile {
  readonly path: string;
  readonly format: FileFormat;
  /** The delimiter of a CSV file. Undefined: the one that a file to read has, and a comma in a file to write. */
  readonly delimiter: string | undefined;
}

/** The format by the extension of a file's name; undefined for an unknown extension. */
export function findFormat(file: string): FileFormat | undefined {
  const extension = path.extname(file).slice(1).toLowerCase();
  return FORMATS.find((format) => format === (extension === 'jsonl' ? 'ndjson' : extension));
}

/** Reads a delimiter from the command line. @throws Error that explains the invalid value. */
export function parseDelimiter(text: string): string {
  const delimiter = text === '\\t' || text === 'tab' ? '\t' : text;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) throw new Error('It must be one character, or tab.');
  return delimiter;
}
