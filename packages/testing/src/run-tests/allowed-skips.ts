import path from 'node:path';
import type { SkippedTest } from './run-jest.ts';

interface AllowedSkip {
  /** Relative to the root. */
  readonly file: string;
  /** Matches the titles that may be skipped. */
  readonly title: RegExp;
  readonly reason: string;
}

/** The tests that a machine may skip. `npm test` fails when any other test is skipped. */
const allowedSkips: readonly AllowedSkip[] = [
  {
    file: 'gateway/test/graphiql.component.test.ts',
    title: /\(skipped: no Chromium was found; set CHROMIUM_BIN\)$/,
    reason: 'there is no Chromium on this machine; set CHROMIUM_BIN',
  },
  {
    file: 'packages/stack/test/postgres.component.test.ts',
    title: /does not run as root|from programs below such a directory|that root restored/,
    reason: 'only root can start PostgreSQL as another account',
  },
  ...['packages/messaging/test/disk-full.component.test.ts', 'e2e/disk-full.e2e.test.ts'].map((file) => ({
    file,
    title: /\(skipped: no small disk can be mounted\)$/,
    reason: 'only root on Linux can mount a small disk; in a container it needs the capability SYS_ADMIN',
  })),
];

/** Divides the skipped tests into those that the list allows, with its reason, and all others. */
export function findUnexpectedSkips(
  skipped: readonly SkippedTest[],
  root: string,
  list: readonly AllowedSkip[] = allowedSkips,
): { allowed: (SkippedTest & { reason: string })[]; unexpected: SkippedTest[] } {
  const allowed: (SkippedTest & { reason: string })[] = [];
  const unexpected: SkippedTest[] = [];
  for (const test of skipped) {
    const file = path.relative(root, test.file).replaceAll('\\', '/');
    const found = list.find((one) => one.file === file && one.title.test(test.title));
    if (found === undefined) unexpected.push({ ...test, file });
    else allowed.push({ ...test, file, reason: found.reason });
  }
  return { allowed, unexpected };
}
