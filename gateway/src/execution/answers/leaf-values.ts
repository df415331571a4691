import type { SupergraphType } from '../../supergraph/index.ts';

const isText = (value: unknown): boolean => typeof value === 'string';
const isInteger = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value);

/** The checks of the scalars that GraphQL defines. */
const builtIn: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: (value) => isInteger(value) && (value as number) === ((value as number) | 0),
  Float: (value) => typeof value === 'number',
  String: isText,
  Boolean: (value) => typeof value === 'boolean',
  // `JSON.parse` has changed a larger number, so that it identifies something else.
  ID: (value) => isText(value) || Number.isSafeInteger(value),
};

/**
 * Returns whether a value may stand for a scalar or an enum in an answer. A scalar that the schema defines may be anything: only its
 * subgraph knows.
 *
 * @param type undefined for the scalars of GraphQL, which a supergraph does not define
 */
export function isLeafValue(name: string, type: SupergraphType | undefined, value: unknown): boolean {
  if (type?.kind === 'enum') return typeof value === 'string' && type.values.has(value);
  return builtIn[name]?.(value) ?? true;
}
