import { HeaderMap } from '@apollo/server';
import type { ErrorCode } from '@shop/process';
import type { FastifyRequest } from 'fastify';
import { findContext } from '../context.ts';
import type { ServedGraphs } from '../graph/served-graphs.ts';

/** The mutations that the pages call. Each takes one input. */
export const pageMutations = ['verifyEmail', 'resetPassword', 'unsubscribe'] as const;
export type PageMutation = (typeof pageMutations)[number];

/** The operations of the pages. */
export const documents: Readonly<Record<PageMutation, string>> = {
  verifyEmail: 'mutation VerifyEmailPage($input: VerifyEmailInput!) { verifyEmail(input: $input) { __typename } }',
  resetPassword:
    'mutation ResetPasswordPage($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename } }',
  unsubscribe: 'mutation UnsubscribePage($input: UnsubscribeInput!) { unsubscribe(input: $input) { __typename } }',
};

/** How a mutation ended, as far as a page tells a person. */
export type Outcome =
  | { readonly kind: 'done' | 'invalid-link' | 'invalid-input' | 'email-taken' | 'unavailable' }
  | { readonly kind: 'too-many'; readonly retryAfter: string | undefined };

export type RunMutation = (
  name: PageMutation,
  input: Readonly<Record<string, string>>,
  request: FastifyRequest,
) => Promise<Outcome>;

interface Answer {
  readonly data?: Readonly<Record<string, { readonly __typename: string }>> | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: ErrorCode } }[];
}

/**
 * Runs the mutations of the pages through the whole pipeline of `/graphql`, like those of any client: with its limits, its rate limit
 * and the address of the person's browser. They are anonymous.
 */
export function createMutationRunner(graphs: Pick<ServedGraphs, 'enter'>): RunMutation {
  return async (name, input, request) => {
    const graph = graphs.enter();
    const answering = graph.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap([['content-type', 'application/json']]),
        search: '',
        body: { query: documents[name], variables: { input } },
      },
      context: async () => ({ ...findContext(request), isOwnOperation: true }),
    });
    const { body, headers } = await answering.finally(() => graph.leave());
    if (body.kind !== 'complete') throw new Error('A mutation of a page was answered in parts.');
    return readOutcome(name, JSON.parse(body.string) as Answer, headers.get('retry-after'));
  };
}

function readOutcome(name: PageMutation, { data, errors = [] }: Answer, retryAfter: string | undefined): Outcome {
  if (errors.some(({ extensions }) => extensions?.code === 'RATE_LIMITED')) return { kind: 'too-many', retryAfter };
  const result = data?.[name];
  switch (result?.__typename) {
    case undefined:
      return { kind: 'unavailable' };
    case 'InvalidInput':
      return { kind: 'invalid-input' };
    case 'InvalidToken':
      return { kind: 'invalid-link' };
    case 'EmailTaken':
      return { kind: 'email-taken' };
    case 'TooManyAttempts':
      return { kind: 'too-many', retryAfter };
    default:
      return { kind: 'done' };
  }
}
