import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryDirectory } from '@shop/testing';

/** A call of a stand-in. */
export interface Call {
  /** The program and its arguments. */
  readonly line: string;
  readonly input: string;
  /** `APP_IMAGE (APP_PULL_POLICY)`. */
  readonly image: string;
}

/** An answer of a stand-in. */
export interface Answer {
  /** A part of the program's command line. The first answer that matches is given. */
  readonly when: string;
  /** True when only the first such call gets it. */
  readonly once?: true;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
}

const [separator, end] = ['\u001f', '\u001e'];
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Records the call, and gives the first answer that matches. A shell starts in a tenth of the time of Node. */
const writeProgram = (folder: string, name: string, answers: readonly Answer[]) => `#!/bin/sh
line="${name} $*"
{
  printf '%s${separator}%s${separator}' "$line" "$APP_IMAGE ($APP_PULL_POLICY)"
  /bin/cat
  printf '${end}'
} >> ${quote(path.join(folder, 'calls'))}
${answers.map((answer, index) => writeAnswer(path.join(folder, `used-${index}`), answer)).join('\n')}
`;

const writeAnswer = (
  marker: string,
  { when, once, stdout = '', stderr = '', code = 0 }: Answer,
) => `case "$line" in *${quote(when)}*)
  if [ ! -e ${quote(marker)} ]; then
    ${once ? `: > ${quote(marker)}` : ':'}
    printf '%s' ${quote(stdout)}
    printf '%s' ${quote(stderr)} >&2
    exit ${code}
  fi
esac`;

/** Stand-ins for programs that no test may really run, since they would need an engine or a cluster. */
export async function createStandIns(names: readonly string[]) {
  const directory = await temporaryDirectory();
  const bin = path.join(directory.path, 'bin');
  const state = path.join(directory.path, 'state');
  await mkdir(bin);
  return {
    /** A PATH with the stand-ins alone. */
    path: bin,
    /** Sets the answers, and forgets the calls. */
    async prepare(answers: readonly Answer[] = []): Promise<void> {
      await rm(state, { recursive: true, force: true });
      await mkdir(state);
      for (const name of names) {
        await writeFile(path.join(bin, name), writeProgram(state, name, answers));
        await chmod(path.join(bin, name), 0o755);
      }
    },
    async calls(): Promise<Call[]> {
      const text = await readFile(path.join(state, 'calls'), 'utf8').catch(() => '');
      return text
        .split(end)
        .filter((call) => call !== '')
        .map((call) => call.split(separator) as [string, string, string])
        .map(([line, image, input]) => ({ line, image, input }));
    },
    remove: () => directory.remove(),
  };
}
