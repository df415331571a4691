import { readFile, writeFile } from 'node:fs/promises';

const FILE = 'docs/benchmarks.md';
const [BEGIN, END] = ['<!-- catalogue: begin -->', '<!-- catalogue: end -->'];

/** Puts the results between their marks in the documentation. @throws Error where the marks are missing */
export async function writeResults(markdown: string): Promise<string> {
  const text = await readFile(FILE, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${FILE} has no marks ${BEGIN} and ${END} to write between.`);
  await writeFile(FILE, `${text.slice(0, begin + BEGIN.length)}\n${markdown}\n${text.slice(end)}`);
  return FILE;
}
