import { valueFromASTUntyped, type OperationDefinitionNode } from 'graphql';

/** The values of an operation's variables, by their names without `$`. */
export type Variables = Readonly<Record<string, unknown>>;

/** Adds the defaults of the variables that were not given. A variable that was given as null stays null. */
export function addDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables = {}): Variables {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
}
