import { ConfigError, ExpectedError } from '@shop/process';
import { readDatabaseConfig } from '@shop/stack';
import { parseCommand, USAGE } from './arguments.ts';
import { findDatabaseUrl } from '../databases/database-urls.ts';
import { describeDeadLetters, resend } from './dead-letters.ts';
import { republish } from './republish.ts';
import type { Target } from '../databases/target.ts';

async function run(args: readonly string[]): Promise<string> {
  const command = parseCommand(args);
  if (command.name === 'help') return USAGE;
  const config = readDatabaseConfig();
  const targets: Target[] = [];
  for (const name of command.services) targets.push({ name, databaseUrl: await findDatabaseUrl(name, config) });
  switch (command.name) {
    case 'dead-letters':
      return describeDeadLetters(targets);
    case 'resend':
      return resend(targets, command.ids);
    case 'republish':
      return republish(targets, command.filter, command.isDryRun);
  }
}

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  const isExpected = error instanceof ExpectedError || error instanceof ConfigError;
  const { message, stack, code } = error as Error & { code?: string };
  process.stderr.write(`${isExpected || code !== undefined ? message || code : (stack ?? message)}\n`);
  process.exitCode = 1;
}
