import type { Metrics } from '@shop/process';
import { defaultFieldResolver, getNamedType, isAbstractType, type GraphQLSchema } from 'graphql';

/**
 * Counts the results of mutations by the member of their union, such as `LoginSuccess` and `InvalidCredentials` of `login`. Changes the
 * schema in place. A mutation that throws has the result `error`.
 */
export function measureMutations(schema: GraphQLSchema, metrics: Metrics): void {
  const results = metrics.counter({
    name: 'shop_mutation_results_total',
    help: 'Results of mutations by the type of the result, or `error`',
    labels: ['mutation', 'result'],
  });
  for (const [mutation, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field;
    const type = getNamedType(field.type);
    // Each result begins at 0, so that the first one is an increase.
    const names = isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
    for (const result of [...names, 'error']) results.inc({ mutation, result }, 0);
    const known = new Set(names);

    field.resolve = async (...args) => {
      try {
        const value: unknown = await resolve(...args);
        const name = (value as { __typename?: unknown } | null | undefined)?.__typename;
        results.inc({ mutation, result: typeof name === 'string' && known.has(name) ? name : type.name });
        return value;
      } catch (error) {
        results.inc({ mutation, result: 'error' });
        throw error;
      }
    };
  }
}
