import { ExpectedError } from '@shop/process';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** The command line is wrong. */
export class UsageError extends ExpectedError {
  override name = 'UsageError';
}

/** Something that the command needs is unavailable, and may be available later. */
export class UnavailableError extends ExpectedError {
  override name = 'UnavailableError';
}

/** The message for an error, and the exit code. */
export interface Failure {
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** Turns any thrown value into a sentence for a person. */
export function explainFailure(error: unknown): Failure {
  if (error instanceof UsageError) return { message: error.message, exitCode: exitCodes.usage };
  if (error instanceof ExpectedError)
    return { message: error.message, exitCode: isUnavailable(error) ? exitCodes.unavailable : exitCodes.found };
  const [message = ''] = (error instanceof Error ? error.message || error.name : String(error)).split('\n');
  return {
    message: `Unexpected error: ${message}. Run the command again with --debug and report the output as an issue of this project.`,
    exitCode: exitCodes.fault,
  };
}

/** An expected error whose cause has a code comes from the operating system or the network, which refused something. */
function isUnavailable(error: ExpectedError): boolean {
  if (error instanceof UnavailableError) return true;
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string';
}
