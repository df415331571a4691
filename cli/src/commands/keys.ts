import { join } from 'node:path';
import {
  ACCESS_TOKEN_KEYS_FILE,
  type ListedKey,
  readDatabaseConfig,
  readKeyFile,
  replaceAccessTokenKeys,
  ROTATION_TIMES,
  rotateAccessTokenKeys,
  findKeyState,
} from '@shop/stack';
import type { AddCommand } from '../command-line/context.ts';
import { jsonOption } from '../command-line/options.ts';
import { formatTable } from '../command-line/table.ts';

interface KeyOptions {
  readonly file?: string;
  readonly json?: true;
}

const noticed = 'A running system notices the change by itself.';

const actions = [
  {
    name: 'list',
    summary: 'list the keys, without their private parts',
    note:
      'The newest key that is not only announced signs the tokens. An announced one signs from its time on, so that every service knows ' +
      'it by then. One that only verifies is shown until the last token that it signed has expired.',
    run: readKeyFile,
  },
  {
    name: 'rotate',
    summary: `announce a new key, which signs after ${ROTATION_TIMES.announced / 60} minutes`,
    note: noticed,
    run: (file: string) => rotateAccessTokenKeys(file),
  },
  {
    name: 'replace',
    summary: 'after a leak: a new key signs at once, and no other is accepted any more',
    note: noticed,
    run: replaceAccessTokenKeys,
  },
] as const;

export const addKeys: AddCommand = (shop, { terminal, env }) => {
  const keys = shop.command('keys').description('Manage the keys that sign access tokens.');
  for (const { name, summary, note, run } of actions) {
    keys
      .command(name)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}. ${note}`)
      .option('--file <file>', `the list of keys; ${ACCESS_TOKEN_KEYS_FILE} in DATA_DIR/secrets by default`)
      .addOption(jsonOption())
      .addHelpText('after', `\nExample:\n  npm run keys -- ${name}`)
      .action(async ({ file, json }: KeyOptions) => {
        const list = await run(file ?? join(readDatabaseConfig(env).dataDir, 'secrets', ACCESS_TOKEN_KEYS_FILE));
        terminal.print(json === true ? JSON.stringify(summarize(list), null, 2) : format(list));
      });
  }
};

/** The parts of the keys that may be shown. */
function summarize(keys: readonly ListedKey[]) {
  const now = new Date();
  return keys.map((key) => ({
    id: key.kid,
    state: findKeyState(key, keys, now),
    signsFrom: key.signsFrom ?? null,
    shownUntil: key.verifiesUntil ?? null,
  }));
}

function format(keys: readonly ListedKey[]): string {
  const rows = summarize(keys).map(({ id, state, signsFrom, shownUntil }) => [
    id,
    state,
    signsFrom ?? '-',
    shownUntil ?? '-',
  ]);
  return formatTable(['KEY', 'NOW', 'SIGNS FROM', 'SHOWN UNTIL'], rows);
}
