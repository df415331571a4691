import { readArguments } from '@shop/access';
import type { FieldDefinitionNode, OperationTypeNode, TypeDefinitionNode } from 'graphql';
import type { LiveSource } from './model.ts';
import { listFields, readTypeName } from './type-nodes.ts';

/**
 * Reads where the messages of subscriptions come from.
 *
 * @param directive the name of `@live` in the supergraph, if it is used
 * @returns a function that throws an Error where a directive names something that does not exist
 */
export function createLiveReader(
  definitions: readonly TypeDefinitionNode[],
  directive: string | undefined,
  roots: Readonly<Record<`${OperationTypeNode}`, string>>,
): (type: string, field: FieldDefinitionNode) => LiveSource | undefined {
  const findField = (type: string, field: string): FieldDefinitionNode | undefined => {
    const node = definitions.find(({ name }) => name.value === type);
    return node && listFields(node).find(({ name }) => name.value === field);
  };

  return (type, field) => {
    const node = directive === undefined ? undefined : field.directives?.find(({ name }) => name.value === directive);
    if (node === undefined) return undefined;
    const { query = '', events = [], argument, member, within, version } = readArguments<LiveSource>(node);
    const place = `${type}.${field.name.value}`;
    const require = (isRight: boolean, problem: string): void => {
      if (!isRight) throw new Error(`${place} has @live, and ${problem}. Correct the schema of its subgraph.`);
    };
    require(events.length > 0, 'names no events');
    require(type === roots.subscription, 'is no field of a subscription');
    const returned = readTypeName(field.type);
    const finder = findField(roots.query, query);
    require(finder !== undefined && hasArgument(finder, 'id'), `there is no query ${query}(id:)`);
    require(finder !== undefined && readTypeName(finder.type) === returned, `the query ${query} returns another type`);
    require(argument === undefined || hasArgument(field, argument), `the field has no argument ${argument}`);
    require(member === undefined || argument !== undefined, 'a member needs an argument');
    require(within === undefined || member !== undefined, '`within` needs a member');
    const guard = within === undefined ? undefined : findField(roots.query, within);
    require(within === undefined ||
      (guard !== undefined && hasArgument(guard, 'id')), `there is no query ${within}(id:)`);
    require(version === undefined || findField(returned, version) !== undefined, `${returned} has no field ${version}`);
    return { query, events, argument, member, within, version };
  };
}

const hasArgument = (field: FieldDefinitionNode, name: string): boolean =>
  field.arguments?.some((argument) => argument.name.value === name) === true;
