import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, ExpectedError } from '@shop/process';
import {
  readDatabaseConfig,
  replaceAccessTokenKeys,
  rotateAccessTokenKeys,
  readKeyFile,
  type ListedKey,
  ROTATION_TIMES,
  stateOf,
  ACCESS_TOKEN_KEYS_FILE,
} from '@shop/stack';
import { formatTable } from './databases/table.ts';

const USAGE = `The keys that sign access tokens.

  npm run keys -- list [--file FILE]                list them, without their private parts
  npm run keys -- rotate [--file FILE]              announce a new key, which signs after ${ROTATION_TIMES.announced / 60} minutes
  npm run keys -- replace [--file FILE]             after a leak: a new key signs at once, and no other is accepted any more

FILE is ${ACCESS_TOKEN_KEYS_FILE} in DATA_DIR/secrets unless it is given. A running user subgraph reads it again by itself.`;

async function run(args: readonly string[]): Promise<string> {
  const { name, file } = parseCommand(args);
  if (name === 'help') return USAGE;
  const target = file ?? join(readDatabaseConfig().dataDir, 'secrets', ACCESS_TOKEN_KEYS_FILE);
  if (name === 'list') return describe(await readKeyFile(target));
  return describe(await (name === 'rotate' ? rotateAccessTokenKeys(target) : replaceAccessTokenKeys(target)));
}

function describe(keys: readonly ListedKey[]): string {
  const now = new Date();
  const rows = keys.map((key) => [key.kid, stateOf(key, keys, now), key.signsFrom ?? '-', key.verifiesUntil ?? '-']);
  return formatTable(['KEY', 'NOW', 'SIGNS FROM', 'SHOWN UNTIL'], rows);
}

function parseCommand(args: readonly string[]): {
  name: 'help' | 'list' | 'rotate' | 'replace';
  file: string | undefined;
} {
  try {
    const options = { file: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [name = 'help', ...rest] = positionals;
    const known = (['list', 'rotate', 'replace', 'help'] as const).find((command) => command === name);
    if (known === undefined || rest.length > 0) throw new Error(`there is no command "${positionals.join(' ')}"`);
    return { name: values.help === true ? 'help' : known, file: values.file };
  } catch (error) {
    throw new ExpectedError(`${(error as Error).message}.\n\n${USAGE}`);
  }
}

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  const isExpected = error instanceof ExpectedError || error instanceof ConfigError;
  process.stderr.write(`${isExpected ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
