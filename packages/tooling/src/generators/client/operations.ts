import {
  getNamedType,
  type GraphQLSchema,
  isInputObjectType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import type { OperationFile } from '../../graph/operations.ts';
import { header } from './header.ts';
import { type PersistedOperation, persistOperations } from './persisted-operation.ts';

/**
 * Generates a constant for each operation: its text, id and types, and a flag that says if a client may send it again.
 * The constants are object literals without a call, so that a bundler can drop unused ones.
 */
export function generateOperations(schema: GraphQLSchema, files: readonly OperationFile[]): string {
  const operations = persistOperations(files);
  const types = operations.flatMap((operation) => [nameResult(operation), `${nameResult(operation)}Variables`]);
  return `${header}
import type { Operation, SubscriptionOperation, WithOptionalKey } from '../operation.ts';
import type {
${types.map((name) => `  ${name},\n`).join('')}} from './types.ts';

${operations.map((operation) => generateConstant(operation, takesIdempotencyKey(operation.node, schema))).join('\n')}`;
}

function generateConstant(operation: PersistedOperation, takesKey: boolean): string {
  const { file, name, type, id, body } = operation;
  const result = nameResult(operation);
  const variables = takesKey ? `WithOptionalKey<${result}Variables>` : `${result}Variables`;
  const kind = type === 'subscription' ? 'SubscriptionOperation' : 'Operation';
  return `/** The ${type} \`${name}\` of ${file}. */
export const ${name}: ${kind}<${result}, ${variables}> = {
  name: '${name}',
  type: '${type}',
  id: '${id}',
${takesKey ? '  takesIdempotencyKey: true,\n' : ''}  body: \`${body.replace(/[`\\]|\$\{/g, '\\$&')}\`,
};
`;
}

const nameResult = ({ name, type }: PersistedOperation) => `${name}${type.charAt(0).toUpperCase()}${type.slice(1)}`;

function takesIdempotencyKey(node: OperationDefinitionNode, schema: GraphQLSchema): boolean {
  const input = node.variableDefinitions?.find(({ variable }) => variable.name.value === 'input')?.type;
  if (input?.kind !== 'NonNullType' || input.type.kind !== 'NamedType') return false;
  const type = getNamedType(typeFromAST(schema, input.type));
  return isInputObjectType(type) && 'idempotencyKey' in type.getFields();
}
