import path from 'node:path';

export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type FileFormat = (typeof FORMATS)[number];

/** A file of products, and how it is written. */
export interface CatalogueFile {
  readonly path: string;
  readonly format: FileFormat;
  /** Of a CSV file. */
  readonly delimiter: string;
}

/** The format that the name of a file ends in; undefined when it is none that we know. */
export function findFormat(file: string): FileFormat | undefined {
  const extension = path.extname(file).slice(1).toLowerCase();
  return FORMATS.find((format) => format === (extension === 'jsonl' ? 'ndjson' : extension));
}

/** A delimiter as it is given on a command line. @throws Error that says what is wrong. */
export function parseDelimiter(text: string): string {
  const delimiter = text === '\\t' || text === 'tab' ? '\t' : text;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) throw new Error('It must be one character, or tab.');
  return delimiter;
}
