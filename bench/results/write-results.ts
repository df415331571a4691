import { readFile, writeFile } from 'node:fs/promises';

const FILE = 'docs/benchmarks.md';

/** Writes a benchmark's results between its marks in the documentation. @throws Error when the marks are missing */
export async function writeResults(benchmark: string, markdown: string): Promise<string> {
  const [beginMark, endMark] = [`<!-- ${benchmark}: begin -->`, `<!-- ${benchmark}: end -->`];
  const text = await readFile(FILE, 'utf8');
  const [begin, end] = [text.indexOf(beginMark), text.indexOf(endMark)];
  if (begin < 0 || end < begin)
    throw new Error(`${FILE} does not contain ${beginMark} and ${endMark}. Restore both lines.`);
  await writeFile(FILE, `${text.slice(0, begin + beginMark.length)}\n${markdown}\n${text.slice(end)}`);
  return FILE;
}
