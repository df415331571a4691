import { UserFailure } from '../errors.ts';

/** A mutation's result: one member of its union. */
export interface ResultMember {
  readonly __typename: string;
}

/** The member for when it went well. */
export type SuccessOf<Result extends ResultMember> = Extract<Result, { readonly __typename: `${string}Success` }>;

/** The members for when it did not. */
export type FailureOf<Result extends ResultMember> = Exclude<Result, SuccessOf<Result>>;

export function isSuccess<Result extends ResultMember>(result: Result): result is SuccessOf<Result> {
  return result.__typename.endsWith('Success');
}

/**
 * The success of a mutation's result. A failure that this version of the client does not know yet is a failure as well.
 *
 * @throws UserFailure with the member that it was instead
 */
export function expectSuccess<Result extends ResultMember>(result: Result): SuccessOf<Result> {
  if (isSuccess(result)) return result;
  throw new UserFailure(result);
}
