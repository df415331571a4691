import { RefusedError } from './errors.ts';

/** A member of a mutation's result union that is not a success. */
interface Failure {
  readonly __typename: string;
  readonly message?: string;
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
}

/** The reasons of a failed mutation, for a person. */
export function describeRefusal({ __typename, message, issues }: Failure): RefusedError {
  const reasons = issues?.map((issue) => `${issue.path}: ${issue.message}`).join('; ') ?? '';
  return new RefusedError(reasons || message || __typename);
}
