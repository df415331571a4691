import { ConfigError } from '@shop/service';
import { readDatabaseConfig } from '../config.ts';
import { StackError } from '../stack-error.ts';
import { parseCommand, USAGE } from './arguments.ts';
import { findDatabaseUrl } from './database-urls.ts';
import { describeDeadLetters, resend, type Target } from './dead-letters.ts';

async function run(args: readonly string[]): Promise<string> {
  const command = parseCommand(args);
  if (command.name === 'help') return USAGE;
  const config = readDatabaseConfig();
  const targets: Target[] = [];
  for (const name of command.services) targets.push({ name, databaseUrl: await findDatabaseUrl(name, config) });
  return command.name === 'dead-letters' ? describeDeadLetters(targets) : resend(targets, command.ids);
}

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  const isExpected = error instanceof StackError || error instanceof ConfigError;
  const { message, stack, code } = error as Error & { code?: string };
  process.stderr.write(`${isExpected || code !== undefined ? message || code : (stack ?? message)}\n`);
  process.exitCode = 1;
}
