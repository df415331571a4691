import { DateTime, MinorUnits } from '@shop/graphql';
import { isScalarType, type GraphQLSchema } from 'graphql';

/**
 * Gives the gateway's schema the subgraphs' own checks of custom scalars, which a supergraph does not carry. Else a bad value
 * would get as far as the subgraph, whose answer, an invalid operation, would look like a fault of ours.
 */
export function checkScalars(schema: GraphQLSchema): void {
  for (const scalar of [DateTime, MinorUnits]) {
    const type = schema.getType(scalar.name);
    if (!isScalarType(type)) continue;
    type.parseValue = scalar.parseValue;
    type.parseLiteral = scalar.parseLiteral;
  }
}
