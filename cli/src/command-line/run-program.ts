import { CommanderError } from 'commander';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { UsageError } from './failures.ts';
import type { ShopCommand } from './shop-command.ts';

/**
 * Runs a program with one or a few commands. An invalid command line is reported in one sentence, and nothing runs. Other errors are
 * thrown.
 *
 * @param args without Node and the script
 */
export async function runProgram(
  program: ShopCommand,
  args: readonly string[],
  note: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): Promise<ExitCode> {
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return exitCodes.ok; // help was shown
    if (!(error instanceof UsageError)) throw error;
    note(error.message);
    return exitCodes.usage;
  }
}
