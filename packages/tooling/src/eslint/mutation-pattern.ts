import { type DocumentNode, Kind } from 'graphql';
import type { Complaint } from './complaint.ts';
import { isNonNull, listObjects, readTypeName } from './types.ts';

/**
 * Requires `doIt(input: DoItInput!): DoItResult!`, with `union DoItResult = DoItSuccess | …`, where all members but the first implement
 * UserError.
 */
export function* mutationPattern(document: DocumentNode): Generator<Complaint> {
  const types = new Map(
    document.definitions.flatMap((node) =>
      'name' in node && node.name !== undefined ? [[node.name.value, node] as const] : [],
    ),
  );
  const isUserError = (name: string) => {
    const type = types.get(name);
    const interfaces = type !== undefined && 'interfaces' in type ? type.interfaces : [];
    return interfaces?.some((shared) => shared.name.value === 'UserError') === true;
  };

  for (const field of listObjects(document)
    .filter(({ name }) => name.value === 'Mutation')
    .flatMap(({ fields = [] }) => fields)) {
    const name = field.name.value;
    const capitalized = name.charAt(0).toUpperCase() + name.slice(1);
    const [input, ...others] = field.arguments ?? [];
    // A mutation that needs no data takes no argument.
    if (
      input !== undefined &&
      (others.length > 0 ||
        input.name.value !== 'input' ||
        !isNonNull(input.type) ||
        readTypeName(input.type) !== `${capitalized}Input`)
    ) {
      yield { node: field, message: `${name} takes one argument, input: ${capitalized}Input!, or none.` };
    }
    const result = types.get(`${capitalized}Result`);
    if (
      !isNonNull(field.type) ||
      readTypeName(field.type) !== `${capitalized}Result` ||
      result?.kind !== Kind.UNION_TYPE_DEFINITION
    ) {
      yield { node: field, message: `${name} returns ${capitalized}Result!, a union.` };
      continue;
    }
    const [success, ...failures] = (result.types ?? []).map((member) => member.name.value);
    if (success !== `${capitalized}Success`)
      yield { node: result, message: `The first member of ${capitalized}Result is ${capitalized}Success.` };
    for (const failure of failures.filter((member) => !isUserError(member)))
      yield {
        node: result,
        message: `${failure}, a member of ${capitalized}Result after its success, implements UserError.`,
      };
  }
}
