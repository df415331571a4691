import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type OperationDefinitionNode,
} from 'graphql';
import type { SupergraphFacts } from '../facts.ts';
import { isObject, readerOf, type Data } from '../objects.ts';
import { collectFields, type CollectedField, type CollectOptions, type SelectionSource } from './collect-fields.ts';
import { createLeafWriter } from './leaf.ts';
import type { WriteState } from './write-state.ts';

export interface WriterOptions extends CollectOptions {
  readonly facts: SupergraphFacts;
  readonly operation: OperationDefinitionNode;
  /** The name of a field in the data of subgraphs. */
  readonly getDataName: (field: FieldNode) => string;
  /** Called with the number of fields for which functions were made. */
  readonly onFields: (fields: number) => void;
}

/** Writes the data of an answer as JSON. */
export interface Writer {
  /** True when a root field that cannot be null is refused: then no subgraph needs to be asked. */
  readonly isDecided: boolean;
  /** Returns undefined when the data are null. */
  write(data: Data, state: WriteState): string | undefined;
}

/** Writes a value at the current path. Undefined means null where null is not allowed: the object or list around it becomes null. */
type ValueWriter = (value: unknown, state: WriteState) => string | undefined;

/** Writes a field of an object. The path is that of the object. */
type FieldWriter = (value: unknown, object: Data, state: WriteState) => string | undefined;

interface FieldProgram {
  /** The name in quotes, with its colon. */
  readonly key: string;
  readonly read: (object: Data) => unknown;
  readonly write: FieldWriter;
}

/** Compiles the selection sets of an operation to functions. Those for each type of an object are made when the first one comes. */
export function createWriter(options: WriterOptions): Writer {
  const { facts, operation, getDataName, onFields } = options;
  const { schema } = facts;
  const rootType = schema.getRootType(operation.operation);
  if (rootType == null) throw new Error(`The schema has no operations of the type ${operation.operation}.`);
  const rootNames: ReadonlySet<unknown> = new Set(
    [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].map((type) => type?.name),
  );

  function compileObject(sources: readonly SelectionSource[], type: GraphQLCompositeType): ValueWriter {
    const fields = [...collectFields(sources, type.name, options)].map(([name, field], index) =>
      compileField(name, field, type, index > 0),
    );
    onFields(fields.length);
    return (value, state) => {
      const object = value as Data;
      const before = state.errors.length;
      let text = '{';
      for (const { key, read, write } of fields) {
        const written = write(read(object), object, state);
        if (written === undefined) {
          if (state.failed !== undefined) {
            // The whole object is missing, so the errors of its fields say the same again.
            state.dropErrors(before);
            state.placeFailure(state.failed);
            state.failed = undefined;
          }
          return undefined;
        }
        text += key + written;
      }
      return `${text}}`;
    };
  }

  function compileField(
    name: string,
    field: CollectedField,
    parent: GraphQLCompositeType,
    hasComma: boolean,
  ): FieldProgram {
    const node = (field.allowed[0] ?? field.refused[0]?.node) as FieldNode;
    const fieldName = node.name.value;
    const key = `${hasComma ? ',' : ''}${JSON.stringify(name)}:`;
    const type = isCompositeType(parent) && 'getFields' in parent ? parent.getFields()[fieldName]?.type : undefined;
    const isNonNull = type === undefined ? fieldName === '__typename' : isNonNullType(type);
    if (field.allowed.length === 0 && field.refused[0] !== undefined) {
      const { refusal } = field.refused[0];
      return {
        key,
        read: () => null,
        write(_value, _object, state) {
          state.path.push(name);
          state.addRefusal(refusal);
          state.path.pop();
          return isNonNull ? undefined : 'null';
        },
      };
    }
    if (fieldName === '__typename') return { key, read: () => null, write: compileTypename(name, parent) };
    // `__schema` and `__type`.
    if (type === undefined)
      return {
        key,
        read: () => null,
        write: (_value, _object, state) => JSON.stringify(state.introspection[name] ?? null),
      };
    const source = getDataName(node);
    const place = { name, source, coordinate: `${parent.name}.${fieldName}`, isNonNull };
    return { key, read: readerOf(source), write: compileValueOfField(place, type, field) };
  }

  /** An object of which only the interface is known has no name that a client may see. */
  function compileTypename(name: string, parent: GraphQLCompositeType): FieldWriter {
    if (isObjectType(parent)) {
      const text = JSON.stringify(parent.name);
      return () => text;
    }
    const coordinate = `${parent.name}.__typename`;
    return (_value, object, state) => {
      if (state.run.isFailed(object) || state.isGone(object) || state.findFailure(object, '__typename') !== undefined)
        return writeMissing({ name, source: '__typename', coordinate, isNonNull: true }, object, state);
      state.addFault(coordinate, 'an object of another type', [...state.path]);
      return undefined;
    };
  }

  function compileValueOfField(place: Place, type: GraphQLOutputType, field: CollectedField): FieldWriter {
    const { name, coordinate, isNonNull } = place;
    const nullable = getNullableType(type);
    if (isLeafType(nullable)) {
      const writeLeaf = createLeafWriter(nullable);
      return (value, object, state) => {
        const text = value === undefined || value === null ? undefined : writeLeaf(value);
        if (text !== undefined) return text;
        if (value === null && !isNonNull) return 'null';
        if (value === undefined) return writeMissing(place, object, state);
        state.path.push(name);
        const rest = writeWrong(value, `no ${nullable.name}`, place, state);
        state.path.pop();
        return rest;
      };
    }
    const writeValue = compileValue(type, listSources(field), coordinate);
    return (value, object, state) => {
      if (value === undefined) return writeMissing(place, object, state);
      state.path.push(name);
      if (state.hasFailures) state.around.push({ object, member: place.source });
      const text = writeValue(value, state);
      if (state.hasFailures) state.around.pop();
      state.path.pop();
      return text;
    };
  }

  function compileValue(type: GraphQLOutputType, sources: readonly SelectionSource[], coordinate: string): ValueWriter {
    const isNonNull = isNonNullType(type);
    const nullable = getNullableType(type);
    const place = { coordinate, isNonNull };
    if (isListType(nullable)) {
      const writeItem = compileValue(nullable.ofType, sources, coordinate);
      return (value, state) => {
        if (!Array.isArray(value)) return writeWrong(value, 'no list', place, state);
        return writeItems(value, writeItem, state) ?? (isNonNull ? undefined : 'null');
      };
    }
    if (isLeafType(nullable)) {
      const writeLeaf = createLeafWriter(nullable);
      return (value, state) =>
        (value == null ? undefined : writeLeaf(value)) ?? writeWrong(value, `no ${nullable.name}`, place, state);
    }
    const writeObject = compileAnyObject(getNamedType(nullable) as GraphQLCompositeType, sources, coordinate);
    return (value, state) => {
      if (!isObject(value)) return writeWrong(value, 'no object', place, state);
      const text = writeObject(value, state);
      if (text !== undefined) return text;
      if (state.gone !== undefined) {
        // The reference to an entity that does not exist is null. That is a fault only where it must not be null.
        if (isNonNull) state.addFault(state.gone.coordinate, 'nothing', state.gone.path);
        state.gone = undefined;
      }
      return isNonNull ? undefined : 'null';
    };
  }

  function compileAnyObject(
    declared: GraphQLCompositeType,
    sources: readonly SelectionSource[],
    coordinate: string,
  ): ValueWriter {
    let ofDeclared: ValueWriter | undefined;
    if (!isAbstractType(declared)) {
      const { name } = declared;
      const isRoot = rootNames.has(name);
      return (value, state) => {
        const actual = (value as Data)['__typename'];
        // A subgraph may have another name for a root type. Elsewhere, an object of another type is a fault.
        if (actual !== undefined && actual !== name && !isRoot && isObjectType(schema.getType(String(actual)))) {
          state.addFault(coordinate, 'an object of another type');
          return undefined;
        }
        ofDeclared ??= compileObject(sources, declared);
        return ofDeclared(value, state);
      };
    }
    const byType = new Map<unknown, ValueWriter>();
    const find = (actual: unknown): ValueWriter | undefined => {
      if (actual === undefined) return (ofDeclared ??= compileObject(sources, declared));
      if (typeof actual !== 'string' || !facts.isMatchedBy(actual, declared.name)) return undefined;
      const type = schema.getType(actual);
      return isCompositeType(type) ? compileObject(sources, type) : undefined;
    };
    return (value, state) => {
      const actual = (value as Data)['__typename'];
      let write = byType.get(actual);
      if (write === undefined) {
        write = find(actual);
        if (write === undefined) {
          state.addFault(coordinate, 'an object of another type');
          return undefined;
        }
        byType.set(actual, write);
      }
      return write(value, state);
    };
  }

  const root = collectFields([operation], rootType.name, options);
  const refusedAtRoot = [...root].flatMap(
    ([
      name,
      {
        allowed,
        refused: [first],
      },
    ]) => (allowed.length > 0 || first === undefined ? [] : [{ name, ...first }]),
  );
  const isDecided = refusedAtRoot.some(({ node }) => isNonNullType(rootType.getFields()[node.name.value]?.type));
  const writeRoot = compileObject([operation], rootType);
  return {
    isDecided,
    write(data, state) {
      if (isDecided) {
        for (const { name, refusal } of refusedAtRoot) {
          state.path.push(name);
          state.addRefusal(refusal);
          state.path.pop();
        }
        return undefined;
      }
      const text = writeRoot(data, state);
      if (state.gone !== undefined) state.addFault(state.gone.coordinate, 'nothing', state.gone.path);
      return text;
    },
  };
}

interface Place {
  readonly name: string;
  /** The name in the data. */
  readonly source: string;
  readonly coordinate: string;
  readonly isNonNull: boolean;
}

function listSources({ allowed, refused }: CollectedField): SelectionSource[] {
  const sources: SelectionSource[] = [];
  for (const { selectionSet } of allowed) if (selectionSet !== undefined) sources.push({ selectionSet });
  for (const { node, refusal } of refused)
    if (node.selectionSet !== undefined) sources.push({ selectionSet: node.selectionSet, refusal });
  return sources;
}

/** All items are written, so that each of several faults is reported. */
function writeItems(items: readonly unknown[], writeItem: ValueWriter, state: WriteState): string | undefined {
  const { path } = state;
  const depth = path.push(0) - 1;
  let text: string | undefined = '[';
  for (let index = 0; index < items.length; index += 1) {
    path[depth] = index;
    const item = writeItem(items[index], state);
    if (item === undefined) text = undefined;
    else if (text !== undefined) text += index === 0 ? item : `,${item}`;
  }
  path.pop();
  return text === undefined ? undefined : `${text}]`;
}

/** Writes null in the place of a value that is null or of another type. */
function writeWrong(
  value: unknown,
  reason: string,
  { coordinate, isNonNull }: Pick<Place, 'coordinate' | 'isNonNull'>,
  state: WriteState,
): string | undefined {
  if (value == null && !isNonNull) return 'null';
  state.addFault(coordinate, value == null ? 'null' : reason);
  return isNonNull ? undefined : 'null';
}

/** Writes null in the place of a field that no subgraph has brought. */
function writeMissing(
  { name, source, coordinate, isNonNull }: Place,
  object: Data,
  state: WriteState,
): string | undefined {
  const { path } = state;
  const empty = isNonNull ? undefined : 'null';
  const failure = state.findFailure(object, source);
  if (failure !== undefined) {
    if (isNonNull && path.length > 0) {
      state.failed = failure;
      return undefined;
    }
    path.push(name);
    state.placeFailure(failure);
    path.pop();
    return empty;
  }
  if (state.isGone(object)) {
    if (isNonNull) state.gone = { path: [...path, name], coordinate };
    return empty;
  }
  if (!state.isExplainedAbove(path)) state.addFault(coordinate, 'nothing', [...path, name]);
  return empty;
}
