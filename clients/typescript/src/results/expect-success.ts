import { UserFailure } from '../errors.ts';

/** A member of a mutation's result union. */
export interface ResultMember {
  readonly __typename: string;
}

/** The members that mean success. */
export type SuccessOf<Result extends ResultMember> = Extract<Result, { readonly __typename: `${string}Success` }>;

/** The members that mean failure. */
export type FailureOf<Result extends ResultMember> = Exclude<Result, SuccessOf<Result>>;

export function isSuccess<Result extends ResultMember>(result: Result): result is SuccessOf<Result> {
  return result.__typename.endsWith('Success');
}

/**
 * Returns the success member of a mutation's result. Members that this version of the client does not know are failures.
 *
 * @throws UserFailure with the member that the server returned
 */
export function expectSuccess<Result extends ResultMember>(result: Result): SuccessOf<Result> {
  if (isSuccess(result)) return result;
  throw new UserFailure(result);
}
