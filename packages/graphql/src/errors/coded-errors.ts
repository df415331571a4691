import { GraphQLError } from 'graphql';

function coded(code: string, message: string, extensions: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

/** The caller has to sign in first. */
export function unauthenticated(message = 'You must be signed in.'): GraphQLError {
  return coded('UNAUTHENTICATED', message);
}

/** The caller is known and may not do this. */
export function forbidden(scope: string): GraphQLError {
  return coded('FORBIDDEN', `This needs the scope ${scope}.`, { scope });
}

/** An argument has a form that the schema's types cannot rule out. */
export function badUserInput(message: string): GraphQLError {
  return coded('BAD_USER_INPUT', message);
}

/** Something that is needed cannot be reached now; trying again later may succeed. */
export function unavailable(message: string): GraphQLError {
  return coded('SERVICE_UNAVAILABLE', message);
}
