import { DateTime, MinorUnits } from '@shop/graphql';
import { isScalarType, type GraphQLSchema } from 'graphql';

/**
 * Adds the subgraphs' checks of custom scalars to the gateway's schema, since a supergraph does not contain them. Without it an
 * invalid value would reach the subgraph, whose answer to an invalid operation is masked.
 */
export function checkScalars(schema: GraphQLSchema): void {
  for (const scalar of [DateTime, MinorUnits]) {
    const type = schema.getType(scalar.name);
    if (!isScalarType(type)) continue;
    type.parseValue = scalar.parseValue;
    type.parseLiteral = scalar.parseLiteral;
  }
}
