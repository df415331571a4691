import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ExpectedError, type Report } from '@shop/process';

const limit = 140;

/** Files whose long lines stay: what a tool writes, data, and migrations, whose checksums databases have recorded. */
const exempt = [
  /^package-lock\.json$/,
  /\/migrations\//,
  /^prisma\/product\/seed\//,
  /persisted-operations\.json$/,
  /src\/graphql\/operations\.ts$/,
  /^deploy\/observability\/grafana\/dashboards\//,
];

/** The list of files that have long lines from before the check. */
const listFile = 'packages/tooling/lines-to-shorten.txt';

/**
 * Checks that no line of a tracked text file is longer than 140 characters.
 *
 * @throws ExpectedError with each long line's place
 */
export function checkLineLength(root: string, report: Report): void {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) return report('This is not a git repository: the length of lines is not checked.');
  const files = stdout.split('\0').filter((file) => file !== '' && !exempt.some((pattern) => pattern.test(file)));
  if (files.length === 0) throw new ExpectedError('The check of line lengths saw no file at all.');
  const long = files.flatMap((file) => findLongLines(root, file));
  const filesToShorten = readFileSync(path.join(root, listFile), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const isListed = (place: { readonly file: string }) => filesToShorten.includes(place.file);
  const done = filesToShorten.filter((file) => !long.some((place) => place.file === file));
  if (done.length > 0) report(`These files have no long lines any more; take them off ${listFile}: ${done.join(', ')}`);
  const failures = long.filter((place) => !isListed(place));
  report(`lines: ${files.length} files, ${failures.length} lines over ${limit} characters`);
  if (failures.length > 0)
    throw new ExpectedError(
      failures.map(({ file, line, length }) => `${file}:${line} has ${length} characters`).join('\n'),
    );
}

function findLongLines(
  root: string,
  file: string,
): { readonly file: string; readonly line: number; readonly length: number }[] {
  let text: string;
  try {
    text = readFileSync(path.join(root, file), 'utf8');
  } catch {
    return []; // removed, and not committed yet
  }
  if (text.includes('\0')) return []; // binary
  return text
    .split('\n')
    .map((content, index) => ({ file, line: index + 1, length: [...content].length }))
    .filter(({ length }) => length > limit);
}
