import { Kind } from 'graphql';
import { isNonNull, namedTypeOf, objectsOf } from './types.mjs';

/**
 * `mutation doIt(input: DoItInput!): DoItResult!`, with `union DoItResult = DoItSuccess | …`, where all other members
 * are user errors.
 */
export function* mutationPattern(document) {
  const types = new Map(document.definitions.filter(({ name }) => name).map((node) => [node.name.value, node]));
  const isUserError = (name) =>
    types.get(name)?.interfaces?.some((shared) => shared.name.value === 'UserError') === true;

  for (const field of objectsOf(document)
    .filter(({ name }) => name.value === 'Mutation')
    .flatMap(({ fields = [] }) => fields)) {
    const name = field.name.value;
    const capitalized = name[0].toUpperCase() + name.slice(1);
    const [input, ...others] = field.arguments;
    // A mutation without an input has no arguments.
    if (
      input !== undefined &&
      (others.length > 0 ||
        input.name.value !== 'input' ||
        !isNonNull(input.type) ||
        namedTypeOf(input.type) !== `${capitalized}Input`)
    ) {
      yield { node: field, message: `${name} takes one argument, input: ${capitalized}Input!, or none.` };
    }
    const result = types.get(`${capitalized}Result`);
    if (
      !isNonNull(field.type) ||
      namedTypeOf(field.type) !== `${capitalized}Result` ||
      result?.kind !== Kind.UNION_TYPE_DEFINITION
    ) {
      yield { node: field, message: `${name} returns ${capitalized}Result!, a union.` };
      continue;
    }
    const [success, ...failures] = result.types.map((member) => member.name.value);
    if (success !== `${capitalized}Success`)
      yield { node: result, message: `The first member of ${capitalized}Result is ${capitalized}Success.` };
    for (const failure of failures.filter((member) => !isUserError(member))) {
      yield {
        node: result,
        message: `${failure}, a member of ${capitalized}Result after its success, implements UserError.`,
      };
    }
  }
}
