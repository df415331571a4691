import { Kind, type NamedTypeNode, type TypeNode } from 'graphql';
import type { Supergraph } from '../../supergraph/index.ts';
import type { AnswerShape, ExpectedField, RootShape } from './answer-shape.ts';
import { isLeafValue } from './leaf-values.ts';

type Data = Record<string, unknown>;
export type AnswerPath = readonly (string | number)[];

/** A place of an answer whose value the schema does not allow. */
export interface Fault {
  readonly path: AnswerPath;
  readonly reason: string;
}

export interface CompleteDataOptions {
  readonly supergraph: Supergraph;
  /** The name of the subgraph that answers. */
  readonly subgraph: string;
  /** Called for each fault, with the place of the value. */
  readonly report: (fault: Fault) => void;
  /** Called for each entity that is null. That is no fault: it does not exist, or the viewer may not see it. */
  readonly noteMissingEntity: () => void;
}

/** Stands for null at a place that must not be null. */
const impossible = Symbol('null where null is impossible');

/**
 * Completes the data of a subgraph as the GraphQL specification completes the values of resolvers: a value that its type does not allow
 * becomes null, and null goes up to the next place that may be null. The data is changed in place.
 *
 * @param entityTypes the types of the representations, of a call for entities
 * @returns null when null went up to the root
 */
export function completeData(
  data: Data,
  root: RootShape,
  entityTypes: readonly string[],
  { supergraph, subgraph, report, noteMissingEntity }: CompleteDataOptions,
): Data | null {
  const path: (string | number)[] = [];

  function fail(reason: string): null {
    report({ path: [...path], reason });
    return null;
  }

  function completeFields(object: Data, fields: readonly ExpectedField[]): Data | null {
    for (const field of fields) {
      const { responseName } = field;
      path.push(responseName);
      const value = Object.hasOwn(object, responseName) ? object[responseName] : undefined;
      const completed = completeField(field, value);
      path.pop();
      if (completed === impossible) return null;
      if (completed !== value) define(object, responseName, completed);
    }
    return object;
  }

  function completeField(field: ExpectedField, value: unknown): unknown {
    const { name, type, shape } = field;
    if (value === undefined) return isNonNull(type) ? (fail('missing'), impossible) : fail('missing');
    if (name === '_entities' && shape !== undefined) return completeEntities(shape, value as unknown[]);
    if (type !== undefined) return completeValue(type, value, shape);
    return name === '__typename' && typeof value !== 'string' ? fail('no name of a type') : value;
  }

  /** The number of entities was checked before. */
  function completeEntities(shape: AnswerShape, entities: unknown[]): unknown[] {
    for (const [index, entity] of entities.entries()) {
      const type = entityTypes[index] ?? '';
      path.push(index);
      if (entity === null) noteMissingEntity();
      else entities[index] = completeObject(type, entity, shape);
      path.pop();
    }
    return entities;
  }

  function completeValue(type: TypeNode, value: unknown, shape: AnswerShape | undefined): unknown {
    if (type.kind === Kind.NON_NULL_TYPE) {
      if (value === null) fail('null where null is not allowed');
      return value === null ? impossible : (completeValue(type.type, value, shape) ?? impossible);
    }
    if (value === null) return null;
    if (type.kind === Kind.LIST_TYPE)
      return Array.isArray(value) ? completeItems(type.type, value, shape) : fail('no list');
    return shape === undefined ? completeLeaf(type, value) : completeObject(type.name.value, value, shape);
  }

  /** All items are completed, so that each of several faults is reported. */
  function completeItems(type: TypeNode, items: unknown[], shape: AnswerShape | undefined): unknown[] | null {
    let isPossible = true;
    for (let index = 0; index < items.length; index += 1) {
      path.push(index);
      const item = completeValue(type, items[index], shape);
      path.pop();
      if (item === impossible) isPossible = false;
      else items[index] = item;
    }
    return isPossible ? items : null;
  }

  function completeLeaf({ name }: NamedTypeNode, value: unknown): unknown {
    return isLeafValue(name.value, supergraph.types.get(name.value), value) ? value : fail(`no ${name.value}`);
  }

  function completeObject(declared: string, value: unknown, shape: AnswerShape): Data | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail('no object');
    const type = readType(declared, value as Data, shape);
    if (type === undefined) return fail('an object of another type');
    return completeFields(value as Data, type === unknownType ? [] : shape.listFields(type));
  }

  /** Undefined when the object is not of the declared type. */
  function readType(declared: string, { __typename: name }: Data, shape: AnswerShape): string | undefined {
    if (name === undefined) {
      if (!supergraph.isAbstract(declared)) return declared;
      // A subgraph may have an object type where the supergraph has an interface. Then nobody asks it for the name.
      const isAsked = shape.listFields(declared).some(({ responseName }) => responseName === '__typename');
      return isAsked ? undefined : unknownType;
    }
    if (typeof name !== 'string' || !supergraph.isMatchedBy(name, declared)) return undefined;
    return supergraph.isAbstract(name) && !isInterfaceObject(name) ? undefined : name;
  }

  function isInterfaceObject(name: string): boolean {
    const joins = supergraph.types.get(name)?.joins ?? [];
    return joins.some((join) => join.subgraph === subgraph && join.isInterfaceObject);
  }

  return completeFields(data, root.shape.listFields(root.type));
}

const unknownType = '';

function isNonNull(type: TypeNode | undefined): boolean {
  return type?.kind === Kind.NON_NULL_TYPE;
}

/** A plain assignment to `__proto__` would not make a member of it. */
function define(object: Data, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
