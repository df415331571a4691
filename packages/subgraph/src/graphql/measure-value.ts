import { Kind, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/** Fragments of an operation, by name. */
export type Fragments = Readonly<Record<string, FragmentDefinitionNode | undefined>>;

/** Bytes of JSON for a field, without its name and its value: quotes, colon and comma. */
const keyBytes = 4;
const numberBytes = 8;
const dateBytes = 26;
const nullBytes = 4;
/** Braces and comma. */
const objectBytes = 3;
/** A guess for the name of a type. */
const typenameBytes = 16;
/** Below this length, the text is assumed to have one byte a character: to count them would take longer than to write them. */
const shortText = 32;

/** Estimates the bytes of JSON of a scalar or an enum value, or of a list of them. */
export function measureLeaf(value: unknown): number {
  if (typeof value === 'string') return 2 + (value.length < shortText ? value.length : Buffer.byteLength(value));
  if (value === null || value === undefined) return nullBytes;
  if (Array.isArray(value)) {
    let bytes = 2;
    for (const item of value) bytes += 1 + measureLeaf(item);
    return bytes;
  }
  return typeof value === 'object' ? dateBytes : numberBytes;
}

/** Counts the objects of a field's value: one, none, or those of a list. */
export function countObjects(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (!Array.isArray(value)) return 1;
  let count = 0;
  for (const item of value) count += countObjects(item);
  return count;
}

const ownBytes = new WeakMap<FieldNode, number>();

/**
 * Estimates the bytes of one object that a field returns: its keys, without their values. Only the value of `__typename` is part of
 * them, since no resolver of the schema is called for it. Fields of all types are counted when the object may have several.
 */
export function measureObject(node: FieldNode, fragments: Fragments): number {
  const known = ownBytes.get(node);
  if (known !== undefined) return known;
  const keys = new Map<string, number>();
  if (node.selectionSet !== undefined) measureKeys(node.selectionSet, fragments, keys, new Set());
  let bytes = objectBytes;
  for (const keyBytes of keys.values()) bytes += keyBytes;
  ownBytes.set(node, bytes);
  return bytes;
}

/** Finds the bytes of each key. One that is selected several times is in the answer once. */
function measureKeys(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  keys: Map<string, number>,
  visited: Set<string>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      keys.set(key, key.length + keyBytes + (selection.name.value === '__typename' ? typenameBytes : 0));
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      measureKeys(selection.selectionSet, fragments, keys, visited);
    } else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value);
      const fragment = fragments[selection.name.value];
      if (fragment !== undefined) measureKeys(fragment.selectionSet, fragments, keys, visited);
    }
  }
}
