import { visitNodes } from '@shop/engine';
import { createCodedError } from '@shop/graphql';
import {
  isNonNullType,
  Kind,
  TypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { OperationCheck } from '../stage.ts';
import { indexFragments } from '../supergraph/index.ts';

/** A variable that may be null, at a place where null is not allowed. */
interface Demand {
  readonly variable: string;
  /** The argument or the field of an input. */
  readonly place: string;
}

/**
 * Rejects a request whose variable is null where the schema needs a value. A variable of a nullable type may stand at such a place
 * when the place has a default, which a missing value gets and a null does not. `@apollo/gateway` fails on it as on a bug.
 */
export function requireValues(): OperationCheck {
  const known = new WeakMap<OperationDefinitionNode, readonly Demand[]>();
  return ({ schema, document, operation, variables }) => {
    if (operation?.variableDefinitions === undefined) return;
    let demands = known.get(operation);
    if (demands === undefined) known.set(operation, (demands = findDemands(schema, document, operation)));
    const unmet = demands.find(({ variable }) => variables?.[variable] === null);
    if (unmet === undefined) return;
    throw createCodedError('BAD_USER_INPUT', {
      message: `Variable "$${unmet.variable}" is null, and "${unmet.place}" needs a value.`,
      setsStatus: true,
    });
  };
}

function findDemands(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly Demand[] {
  const nullable = new Set(
    operation.variableDefinitions
      ?.filter(({ type }) => type.kind !== Kind.NON_NULL_TYPE)
      .map(({ variable }) => variable.name.value),
  );
  if (nullable.size === 0) return [];
  const fragments = indexFragments(document);
  const demands: Demand[] = [];
  const seen = new Set<string>();
  const types = new TypeInfo(schema);

  const search = (node: ASTNode): void => {
    const spreads: string[] = [];
    let place = '';
    visitNodes(
      node,
      {
        VariableDefinition: () => false, // its directives take no variables
        Argument: ({ name }) => void (place = name.value),
        ObjectField: ({ name }) => void (place = name.value),
        FragmentSpread: ({ name }) => void spreads.push(name.value),
        Variable: ({ name }) => {
          if (nullable.has(name.value) && isNonNullType(types.getInputType()))
            demands.push({ variable: name.value, place });
        },
      },
      types,
    );
    for (const name of spreads) {
      const fragment = fragments.get(name);
      if (seen.has(name) || fragment === undefined) continue;
      seen.add(name);
      search(fragment);
    }
  };
  search(operation);
  return demands;
}
