import { DateTime, MinorUnits } from '@shop/graphql';
import { isScalarType, type GraphQLSchema } from 'graphql';
import type { Supergraph } from '../supergraph/index.ts';

/**
 * Adds the checks that our services have of custom scalars to the gateway's schema, since a supergraph does not contain them. Without it
 * an invalid value would reach the service, whose answer to an invalid operation is masked. A scalar of another subgraph takes any value,
 * whatever its name is: only that subgraph knows what it accepts.
 *
 * @param isService true for the name of a subgraph that is a service of ours
 */
export function checkScalars(
  schema: GraphQLSchema,
  supergraph: Supergraph,
  isService: (subgraph: string) => boolean,
): void {
  for (const scalar of [DateTime, MinorUnits]) {
    const type = schema.getType(scalar.name);
    const joins = supergraph.types.get(scalar.name)?.joins ?? [];
    if (!isScalarType(type) || !joins.every(({ subgraph }) => isService(subgraph))) continue;
    type.parseValue = scalar.parseValue;
    type.parseLiteral = scalar.parseLiteral;
  }
}
