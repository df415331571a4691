import { errorCodes, type ErrorCode } from '@shop/process';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { createCodedError } from './coded-errors.ts';

/** An answer has no more errors than this, with the note that more were left out. */
export const maxErrors = 100;

const code = 'ERRORS_LEFT_OUT' satisfies ErrorCode;

/**
 * Keeps the first errors of an answer. When there are more than {@link maxErrors}, or a part of the answer has such a note already, the
 * last one is a note that says so.
 */
export function boundErrors(errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  return keepFirst(errors, () => ({ message: errorCodes[code].message, extensions: { code } }));
}

/** Does the same with the content of a list. */
export function shortenErrors(errors: GraphQLError[]): void {
  const kept = keepFirst(errors, () => createCodedError(code));
  if (kept !== errors) errors.splice(0, errors.length, ...kept);
}

function keepFirst<Problem extends GraphQLError | GraphQLFormattedError>(
  errors: readonly Problem[],
  createNote: () => Problem,
): readonly Problem[] {
  const isNote = ({ extensions }: Problem): boolean => extensions?.['code'] === code;
  if (errors.length <= maxErrors && !errors.some(isNote)) return errors;
  return [...errors.filter((error) => !isNote(error)).slice(0, maxErrors - 1), createNote()];
}
