import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createProgram } from '../cli/src/command-line/program.ts';

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));

/** The commands that have their own short name: `npm run NAME -- …`. */
const shortNames = new Map(
  ['catalogue', 'events', 'keys', 'reconcile', 'secrets'].map((name): [string, string[]] => [name, [name]]),
);
shortNames.set('schema:check', ['schema', 'check']);

const program = createProgram({
  terminal: { print: () => {} } as never,
  env: {},
  root: process.cwd(),
  signal: new AbortController().signal,
  setExitCode: () => {},
});

/** The words of each `shop` command on a page, after the program's name and up to a comment or a pipe. */
function findCommands(text: string): string[][] {
  const joined = text.replaceAll('\\\n', ' ');
  const shop = [...joined.matchAll(/(?:npm run shop --|node dist\/shop\.js) +([^\n`#|]+)/g)].map(([, rest = '']) =>
    split(rest),
  );
  const short = [...joined.matchAll(/npm run ([a-z:]+)(?: --)?((?: +[^\n`#|]+)?)/g)].flatMap(
    ([, name = '', rest = '']) => {
      const words = shortNames.get(name);
      return words === undefined ? [] : [[...words, ...split(rest)]];
    },
  );
  return [...shop, ...short];
}

type Command = ReturnType<typeof createProgram>['commands'][number];

const split = (text: string): string[] =>
  text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');

/** The reason why a command line would be rejected; undefined when each word of it is known. */
function findMistake(words: readonly string[]): string | undefined {
  let command = program as Command;
  const options = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split('=')[0]);
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) break;
    command = next;
  }
  if (words[0] === 'COMMAND' || words[0] === '…') return undefined; // stands for any word
  if (command === program) return words[0]?.startsWith('--') ? undefined : `there is no command ${words[0] ?? ''}`;
  const known = new Set(['--help']);
  for (let at: Command | null = command; at !== null; at = at.parent) {
    for (const { long } of at.options) if (long !== undefined && long !== null) known.add(long);
  }
  const unknown = options.find((option) => option !== undefined && !known.has(option));
  return unknown === undefined ? undefined : `${command.name()} has no option ${unknown}`;
}

test.each(pages)('%s shows only commands that exist', (page) => {
  const mistakes = findCommands(readFileSync(page, 'utf8')).flatMap((words) => {
    const mistake = findMistake(words);
    return mistake === undefined ? [] : [`${words.join(' ')}: ${mistake}`];
  });
  expect(mistakes).toEqual([]);
});

test('an unknown command and an unknown option are reported', () => {
  expect(findMistake(['bakup'])).toBe('there is no command bakup');
  expect(findMistake(['events', 'dead-letters', '--all'])).toBe('dead-letters has no option --all');
  expect(findMistake(['events', 'republish', '--since', '2h', '--dry-run'])).toBeUndefined();
  expect(findCommands('```sh\nnpm run events -- resend --all   # again\n```')).toEqual([['events', 'resend', '--all']]);
});
