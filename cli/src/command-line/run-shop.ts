import { CommanderError } from 'commander';
import { readDebug } from '../config.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { explainFailure } from './failures.ts';
import { createProgram } from './program.ts';

/**
 * Runs the command that `args` name.
 *
 * @param args without Node and the script
 * @returns the exit code; every error has been reported on the terminal
 */
export async function runShop(
  args: readonly string[],
  surroundings: Omit<CommandContext, 'setExitCode'>,
): Promise<ExitCode> {
  const { terminal, env, signal } = surroundings;
  let exitCode: ExitCode = exitCodes.ok;
  const program = createProgram({ ...surroundings, setExitCode: (code) => void (exitCode = code) });
  try {
    await program.parseAsync([...args], { from: 'user' });
    terminal.finish();
    return signal.aborted ? exitCodes.interrupted : exitCode;
  } catch (error) {
    terminal.finish();
    if (error instanceof CommanderError) return exitCodes.ok; // help was shown
    if (signal.aborted) return exitCodes.interrupted;
    const failure = explainFailure(error);
    terminal.note(failure.message);
    if ((args.includes('--debug') || readDebug(env)) && error instanceof Error) terminal.note(error.stack ?? '');
    return failure.exitCode;
  }
}
