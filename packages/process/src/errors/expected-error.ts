/**
 * Something that the person at the terminal can put right: its message is one sentence that says what to do, so `npm start`
 * prints it without a stack trace and exits with 1. Anything else that is thrown is a bug and is printed in full.
 */
export class ExpectedError extends Error {
  override name = 'ExpectedError';
}

/** Takes one line for the terminal or a log. */
export type Report = (line: string) => void;
