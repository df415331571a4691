/**
 * An error that the person at the terminal can correct. Its message is a sentence that says what to do. It is printed
 * without a stack trace, and the process exits with 1. Any other error is a bug and is printed in full.
 */
export class ExpectedError extends Error {
  override name = 'ExpectedError';
}

/** Takes one line for the terminal or a log. */
export type Report = (line: string) => void;
