import { getNamedType, isInputObjectType, typeFromAST } from 'graphql';
import { documentsOf } from './documents-of.mjs';
import { header } from './header.mjs';

/**
 * A constant for each operation: the text that is sent, its id, its types, and what a client has to know to send it again.
 * Object literals without a call, so that a bundler drops those that are not imported.
 */
export function generateDocuments(schema, sources) {
  const operations = documentsOf(sources).map((operation) => ({
    ...operation,
    takesKey: takesIdempotencyKey(operation.node, schema),
  }));
  const types = operations.flatMap(({ name, type }) => [
    `${name}${capitalized(type)}`,
    `${name}${capitalized(type)}Variables`,
  ]);
  return `${header}
import type { Operation, WithOptionalKey } from '../operation.ts';
import type {
${types.map((name) => `  ${name},\n`).join('')}} from './types.ts';

${operations.map(constant).join('\n')}`;
}

function constant({ file, name, type, id, body, takesKey }) {
  const result = `${name}${capitalized(type)}`;
  const variables = takesKey ? `WithOptionalKey<${result}Variables>` : `${result}Variables`;
  return `/** The ${type} \`${name}\` of ${file}. */
export const ${name}: Operation<${result}, ${variables}> = {
  name: '${name}',
  type: '${type}',
  id: '${id}',
${takesKey ? '  takesIdempotencyKey: true,\n' : ''}  body: \`${body.replace(/[`\\]|\$\{/g, '\\$&')}\`,
};
`;
}

const capitalized = (word) => `${word[0].toUpperCase()}${word.slice(1)}`;

function takesIdempotencyKey(node, schema) {
  const input = node.variableDefinitions.find(({ variable }) => variable.name.value === 'input');
  const type = input && getNamedType(typeFromAST(schema, input.type));
  return isInputObjectType(type) && 'idempotencyKey' in type.getFields();
}
