import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { GraphQLError } from 'graphql';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/** The planner has limits of its own, and says so in an error without a code. */
const plannersLimit = /^Number of non-local selections exceeds limit|^Exceeded maximum recursive selections/;

/** Makes the planner's refusal of an operation the client's mistake, which it is, and no fault of ours. */
export function refuseUnplannable(gateway: Gateway): Gateway {
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(given) {
      const { executor, ...loaded } = await gateway.load(given);
      if (executor === null) return { ...loaded, executor };
      return { ...loaded, executor: (requestContext) => executor(requestContext).catch(refuse) };
    },
  };
}

function refuse(error: unknown): never {
  if (!(error instanceof Error) || !plannersLimit.test(error.message)) throw error;
  throw new GraphQLError('The operation asks for too much: it has too many selections to be planned.', {
    extensions: { code: 'SELECTION_LIMIT_EXCEEDED', http: { status: 400 } },
  });
}
