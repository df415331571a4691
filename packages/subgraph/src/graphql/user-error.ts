/**
 * Creates an expected failure of a mutation, as a member of its result union. Its code is the type's name in
 * SCREAMING_SNAKE_CASE.
 */
export function userError<Name extends string, Details extends object = object>(
  type: Name,
  message: string,
  details?: Details,
): { __typename: Name; code: string; message: string } & Details {
  const code = type.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toUpperCase();
  return { __typename: type, code, message, ...(details as Details) };
}

/** Creates the `InvalidInput` that mutations share. */
export function invalidInput(issues: readonly { path: string; message: string }[]) {
  return userError('InvalidInput', 'The input breaks a rule; see issues.', { issues });
}
