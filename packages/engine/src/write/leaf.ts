import { isEnumType, isSpecifiedScalarType, type GraphQLLeafType } from 'graphql';

/** Writes a value of a scalar or an enum as JSON, or returns undefined when the type does not allow it. */
export type WriteLeaf = (value: unknown) => string | undefined;

/** Characters that JSON escapes, and halves of characters. */
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

const writeText: WriteLeaf = (value) =>
  typeof value !== 'string' ? undefined : escaped.test(value) ? JSON.stringify(value) : `"${value}"`;
const writeInteger: WriteLeaf = (value) =>
  typeof value === 'number' && value === (value | 0) ? String(value) : undefined;
const writeFloat: WriteLeaf = (value) => (typeof value === 'number' ? JSON.stringify(value) : undefined);
const writeBoolean: WriteLeaf = (value) => (value === true ? 'true' : value === false ? 'false' : undefined);
/** `JSON.parse` has changed a larger number, so that it identifies something else. */
const writeId: WriteLeaf = (value) =>
  typeof value === 'number' ? (Number.isSafeInteger(value) ? String(value) : undefined) : writeText(value);
/** The scalars of a schema may be anything: only their subgraph knows. */
const writeAny: WriteLeaf = (value) => JSON.stringify(value);

const builtIn: Readonly<Record<string, WriteLeaf>> = {
  Int: writeInteger,
  Float: writeFloat,
  String: writeText,
  Boolean: writeBoolean,
  ID: writeId,
};

export function createLeafWriter(type: GraphQLLeafType): WriteLeaf {
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, `"${name}"`]));
    return (value) => texts.get(value);
  }
  return (isSpecifiedScalarType(type) ? builtIn[type.name] : undefined) ?? writeAny;
}
