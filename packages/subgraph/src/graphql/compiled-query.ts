import {
  type ArgumentNode,
  defaultTypeResolver,
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNullableType,
  getVariableValues,
  GraphQLError,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLIncludeDirective,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  locatedError,
  type OperationDefinitionNode,
  responsePathAsArray,
  type SelectionSetNode,
} from 'graphql';

type Path = GraphQLResolveInfo['path'];
type Variables = Record<string, unknown>;
type Fragments = Record<string, FragmentDefinitionNode>;
type Resolver = GraphQLFieldResolver<unknown, unknown>;
/** Turns what a resolver returned into a part of the answer, or a promise of it. */
type Complete = (run: Run, info: GraphQLResolveInfo, path: Path, value: unknown) => unknown;

/** Reads values that need no resolver. */
export interface PlainFields {
  /** True for a field whose resolver only reads a member of its parent: a leaf that nothing else guards. */
  isPlain(field: GraphQLField<unknown, unknown>): boolean;
  /** Counts a value of such a field. Returns the value, or what takes its place. */
  take(context: unknown, field: GraphQLField<unknown, unknown>, value: unknown): unknown;
}

/** A field of a selection, for parents of one type. */
interface FieldPlan {
  readonly key: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly parentType: GraphQLObjectType;
  readonly resolve: Resolver;
  readonly complete: Complete;
  readonly isNullable: boolean;
  /** The type of a plain field that is no list. */
  readonly plainLeaf: GraphQLLeafType | undefined;
}

/** The fields of an object, or the name of its type for `__typename`. */
interface SelectionPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly (FieldPlan | string)[];
}

/** The query, with all that its execution needs to know about the schema. */
interface Query {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  readonly plainFields: PlainFields;
}

/** More combinations of skipped fields are not kept at the same time. */
const MAX_VARIANTS = 16;

/**
 * A query whose selections are collected once, not for each object of each answer. Its answers are those of graphql-js, whose functions
 * it uses wherever speed does not matter; a test compares both.
 */
export class CompiledQuery {
  readonly #query: Query;
  /** The variables that decide about `@skip` and `@include`. */
  readonly #conditions: readonly string[];
  /** By the values of these variables. */
  readonly #variants = new Map<string, SelectionPlan>();

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    plainFields: PlainFields,
  ) {
    const definitions = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    const fragments = Object.fromEntries(definitions.map((fragment) => [fragment.name.value, fragment]));
    this.#query = { schema, operation, fragments, plainFields };
    this.#conditions = findConditions([operation.selectionSet, ...definitions.map((each) => each.selectionSet)]);
  }

  /** @returns undefined when graphql-js must execute this, and then nothing was done */
  execute(contextValue: unknown, given: Readonly<Variables>): ExecutionResult | Promise<ExecutionResult> | undefined {
    const { schema, operation } = this.#query;
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], given);
    if (coerced.coerced === undefined) return undefined;
    const variables = coerced.coerced;
    if (this.#conditions.some((name) => typeof variables[name] !== 'boolean')) return undefined;
    const plan = this.#findPlan(variables);
    if (plan === undefined) return undefined;
    const run = new Run(this.#query, variables, contextValue);
    try {
      const data = executeSelection(run, plan, undefined, undefined);
      if (!isPromise(data)) return run.answer(data);
      return data.then(
        (settled) => run.answer(settled),
        (error: unknown) => run.fail(error),
      );
    } catch (error) {
      return run.fail(error);
    }
  }

  #findPlan(variables: Variables): SelectionPlan | undefined {
    const key = this.#conditions.map((name) => String(variables[name])).join();
    const known = this.#variants.get(key);
    if (known !== undefined) return known;
    const { schema, operation } = this.#query;
    const type = schema.getQueryType();
    if (type == null) return undefined;
    const compiler = new Compiler(this.#query, variables);
    const fields = compiler.collect(type, [operation.selectionSet]);
    // Fields of the schema itself are rare.
    for (const [node] of fields.values()) if (/^__(?!typename$)/.test(node.name.value)) return undefined;
    const plan = compiler.toPlan(type, fields);
    if (this.#variants.size === MAX_VARIANTS) this.#variants.clear();
    this.#variants.set(key, plan);
    return plan;
  }
}

type CollectedFields = Map<string, [FieldNode, ...FieldNode[]]>;

/** Collects the fields of selections, for certain values of the variables in `@skip` and `@include`. */
class Compiler {
  readonly #query: Query;
  readonly #variables: Variables;

  constructor(query: Query, variables: Variables) {
    this.#query = query;
    this.#variables = variables;
  }

  collect(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): CollectedFields {
    const fields: CollectedFields = new Map();
    const visited = new Set<string>();
    for (const selectionSet of selectionSets) this.#collect(type, selectionSet, fields, visited);
    return fields;
  }

  toPlan(type: GraphQLObjectType, fields: CollectedFields): SelectionPlan {
    return {
      type,
      fields: [...fields].map(([key, nodes]) => {
        const name = nodes[0].name.value;
        if (name === '__typename') return key;
        const field = type.getFields()[name];
        if (field === undefined) throw new TypeError(`${type.name} has no field ${name}.`);
        return this.#toFieldPlan(type, key, field, nodes);
      }),
    };
  }

  #toFieldPlan(
    parentType: GraphQLObjectType,
    key: string,
    field: GraphQLField<unknown, unknown>,
    nodes: FieldPlan['nodes'],
  ): FieldPlan {
    const below = new Map<GraphQLObjectType, SelectionPlan>();
    const findBelow = (type: GraphQLObjectType): SelectionPlan => {
      let plan = below.get(type);
      if (plan === undefined) {
        const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
        below.set(type, (plan = this.toPlan(type, this.collect(type, selectionSets))));
      }
      return plan;
    };
    const type = getNullableType(field.type);
    return {
      key,
      field,
      nodes,
      parentType,
      resolve: field.resolve ?? readMember,
      complete: createComplete(this.#query.schema, field.type, nodes, findBelow),
      isNullable: !isNonNullType(field.type),
      plainLeaf: isLeafType(type) && this.#query.plainFields.isPlain(field) ? type : undefined,
    };
  }

  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    fields: CollectedFields,
    visited: Set<string>,
  ): void {
    for (const selection of selections) {
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const nodes = fields.get(key);
        if (nodes === undefined) fields.set(key, [selection]);
        else nodes.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (this.#applies(type, selection)) this.#collect(type, selection.selectionSet, fields, visited);
      } else {
        const name = selection.name.value;
        const fragment = this.#query.fragments[name];
        if (visited.has(name) || fragment === undefined) continue;
        visited.add(name);
        if (this.#applies(type, fragment)) this.#collect(type, fragment.selectionSet, fields, visited);
      }
    }
  }

  #isIncluded({ directives = [] }: { readonly directives?: FieldNode['directives'] }): boolean {
    return directives.every(({ name, arguments: given }) => {
      if (name.value === GraphQLSkipDirective.name) return this.#readCondition(given) === false;
      return name.value !== GraphQLIncludeDirective.name || this.#readCondition(given) === true;
    });
  }

  #readCondition(given: readonly ArgumentNode[] | undefined): unknown {
    const value = given?.find(({ name }) => name.value === 'if')?.value;
    if (value?.kind === Kind.VARIABLE) return this.#variables[value.name.value];
    return value?.kind === Kind.BOOLEAN ? value.value : undefined;
  }

  #applies(
    type: GraphQLObjectType,
    { typeCondition }: { readonly typeCondition?: FragmentDefinitionNode['typeCondition'] | undefined },
  ): boolean {
    if (typeCondition === undefined) return true;
    const { schema } = this.#query;
    const wanted = schema.getType(typeCondition.name.value);
    return wanted === type || (isAbstractType(wanted) && schema.isSubType(wanted, type));
  }
}

/** Finds the variables of `@skip` and `@include`. */
function findConditions(selectionSets: readonly SelectionSetNode[]): string[] {
  const names = new Set<string>();
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      for (const { name, arguments: given = [] } of selection.directives ?? [])
        if (name.value === GraphQLSkipDirective.name || name.value === GraphQLIncludeDirective.name)
          for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined)
        visit(selection.selectionSet);
    }
  };
  selectionSets.forEach(visit);
  return [...names];
}

/** A place of an answer. */
interface Place {
  readonly nodes: readonly FieldNode[];
  readonly path: Path;
  readonly isNullable: boolean;
}

/** One execution. */
class Run {
  readonly query: Query;
  readonly variables: Variables;
  readonly contextValue: unknown;
  readonly #errors: GraphQLError[] = [];
  /** The places that errors made null. */
  readonly #nulled = new Set<Path | undefined>();

  constructor(query: Query, variables: Variables, contextValue: unknown) {
    this.query = query;
    this.variables = variables;
    this.contextValue = contextValue;
  }

  /** Makes a place null at which something has failed. @throws GraphQLError when it must not be null */
  nullify(error: unknown, { nodes, path, isNullable }: Place): null {
    const located = locatedError(error, nodes, responsePathAsArray(path));
    if (!isNullable) throw located;
    this.#note(located, path);
    return null;
  }

  /** Notes an error, unless another one has already made this place or one above it null. */
  #note(error: GraphQLError, path: Path | undefined): void {
    for (let above = path; above !== undefined; above = above.prev) if (this.#nulled.has(above)) return;
    if (this.#nulled.has(undefined)) return;
    this.#nulled.add(path);
    this.#errors.push(error);
  }

  fail(error: unknown): ExecutionResult {
    this.#note(error as GraphQLError, undefined);
    return this.answer(null);
  }

  answer(data: unknown): ExecutionResult {
    const answered = data as Record<string, unknown> | null;
    return this.#errors.length === 0 ? { data: answered } : { errors: this.#errors, data: answered };
  }
}

/** The last argument of a resolver. */
class FieldInfo implements GraphQLResolveInfo {
  readonly fieldName: string;
  readonly fieldNodes: readonly FieldNode[];
  readonly returnType: GraphQLOutputType;
  readonly parentType: GraphQLObjectType;
  readonly path: Path;
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly rootValue: unknown = undefined;
  readonly operation: OperationDefinitionNode;
  readonly variableValues: Variables;

  constructor(run: Run, { field, nodes, parentType }: FieldPlan, path: Path) {
    this.fieldName = field.name;
    this.fieldNodes = nodes;
    this.returnType = field.type;
    this.parentType = parentType;
    this.path = path;
    this.schema = run.query.schema;
    this.fragments = run.query.fragments;
    this.operation = run.query.operation;
    this.variableValues = run.variables;
  }
}

function executeSelection(run: Run, { type, fields }: SelectionPlan, source: unknown, path: Path | undefined): unknown {
  const result = Object.create(null) as Record<string, unknown>;
  let pending: Pending | undefined;
  try {
    for (const plan of fields) {
      if (typeof plan === 'string') {
        result[plan] = type.name;
        continue;
      }
      const value = executeField(run, plan, source, path);
      // Also a promise is set, since keys keep the order in which they were set first.
      result[plan.key] = value;
      if (!isPromise(value)) continue;
      pending ??= { keys: [], values: [] };
      pending.keys.push(plan.key);
      pending.values.push(value);
    }
  } catch (error) {
    if (pending === undefined) throw error;
    // The others may fail too, and somebody must listen.
    return settle(result, pending).finally(() => {
      throw error;
    });
  }
  return pending === undefined ? result : settle(result, pending);
}

/** The members of an object that are promises. */
interface Pending {
  readonly keys: string[];
  readonly values: Promise<unknown>[];
}

/** Waits for the members of an object that are promises. */
function settle(result: Record<string, unknown>, { keys, values }: Pending): Promise<unknown> {
  return Promise.all(values).then((settled) => {
    keys.forEach((key, index) => (result[key] = settled[index]));
    return result;
  });
}

function executeField(run: Run, plan: FieldPlan, source: unknown, above: Path | undefined): unknown {
  const { plainLeaf, field } = plan;
  if (plainLeaf !== undefined && typeof source === 'object' && source !== null) {
    const value = (source as Readonly<Record<string, unknown>>)[field.name];
    if (value == null) {
      if (plan.isNullable) {
        run.query.plainFields.take(run.contextValue, field, null);
        return null;
      }
    } else if (typeof value !== 'object' && typeof value !== 'function') {
      const serialized = serializePlain(run, plan, plainLeaf, value);
      if (serialized != null) return serialized;
    }
  }
  return resolveField(run, plan, source, above);
}

/** @returns undefined when the value does not fit, and then the long way reports it */
function serializePlain(run: Run, { field }: FieldPlan, type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.serialize(run.query.plainFields.take(run.contextValue, field, value));
  } catch {
    return undefined;
  }
}

function resolveField(run: Run, plan: FieldPlan, source: unknown, above: Path | undefined): unknown {
  const { field, nodes, resolve, complete } = plan;
  const path: Path = { prev: above, key: plan.key, typename: plan.parentType.name };
  const info = new FieldInfo(run, plan, path);
  const fail = (error: unknown): null => run.nullify(error, { nodes, path, isNullable: plan.isNullable });
  try {
    const args = field.args.length === 0 ? {} : getArgumentValues(field, nodes[0], run.variables);
    const value: unknown = resolve(source, args, run.contextValue, info);
    const completed = isPromise(value)
      ? value.then((settled) => complete(run, info, path, settled))
      : complete(run, info, path, value);
    return isPromise(completed) ? completed.then(undefined, fail) : completed;
  } catch (error) {
    return fail(error);
  }
}

function createComplete(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  findBelow: (type: GraphQLObjectType) => SelectionPlan,
): Complete {
  if (isNonNullType(type)) {
    const complete = createComplete(schema, type.ofType, nodes, findBelow);
    return (run, info, path, value) => {
      const completed = complete(run, info, path, value);
      if (completed === null)
        throw new Error(`Cannot return null for non-nullable field ${info.parentType.name}.${info.fieldName}.`);
      return completed;
    };
  }
  const complete = createCompleteValue(schema, type, nodes, findBelow);
  return (run, info, path, value) => {
    if (value instanceof Error) throw value;
    return value == null ? null : complete(run, info, path, value);
  };
}

function createCompleteValue(
  schema: GraphQLSchema,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  findBelow: (type: GraphQLObjectType) => SelectionPlan,
): Complete {
  if (isListType(type)) return createCompleteList(schema, type.ofType, nodes, findBelow);
  if (isLeafType(type)) return (_run, _info, _path, value) => serialize(type, value);
  if (isAbstractType(type)) {
    return (run, info, path, value) => {
      const found = (type.resolveType ?? defaultTypeResolver)(value, run.contextValue, info, type);
      const complete = (name: string | undefined): unknown => {
        const objectType = requirePossibleType(schema, type, name, { info, nodes, value });
        return completeObject(run, findBelow(objectType), { info, nodes, path, value });
      };
      return isPromise(found) ? found.then(complete) : complete(found);
    };
  }
  if (!isObjectType(type)) throw new TypeError(`${String(type)} is no type of a field.`);
  return (run, info, path, value) => completeObject(run, findBelow(type), { info, nodes, path, value });
}

function createCompleteList(
  schema: GraphQLSchema,
  itemType: GraphQLOutputType,
  nodes: readonly FieldNode[],
  findBelow: (type: GraphQLObjectType) => SelectionPlan,
): Complete {
  const completeItem = createComplete(schema, itemType, nodes, findBelow);
  const isNullable = !isNonNullType(itemType);
  return (run, info, path, value) => {
    if (!isIterableObject(value))
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${info.parentType.name}.${info.fieldName}".`,
      );
    let hasPromise = false;
    const items: unknown[] = [];
    let index = 0;
    for (const item of value) {
      const itemPath: Path = { prev: path, key: index, typename: undefined };
      const fail = (error: unknown): null => run.nullify(error, { nodes, path: itemPath, isNullable });
      try {
        const completed = isPromise(item)
          ? item.then((settled) => completeItem(run, info, itemPath, settled))
          : completeItem(run, info, itemPath, item);
        if (isPromise(completed)) hasPromise = true;
        items.push(isPromise(completed) ? completed.then(undefined, fail) : completed);
      } catch (error) {
        try {
          items.push(fail(error));
        } catch (located) {
          // The items before may fail too, and somebody must listen: the process would end otherwise.
          if (hasPromise) void Promise.allSettled(items);
          throw located;
        }
      }
      index += 1;
    }
    return hasPromise ? Promise.all(items) : items;
  };
}

interface ObjectValue {
  readonly info: GraphQLResolveInfo;
  readonly nodes: readonly FieldNode[];
  readonly path: Path;
  readonly value: unknown;
}

function completeObject(run: Run, plan: SelectionPlan, { info, nodes, path, value }: ObjectValue): unknown {
  const { type } = plan;
  if (!type.isTypeOf) return executeSelection(run, plan, value, path);
  const complete = (isOfType: boolean): unknown => {
    if (!isOfType)
      throw new GraphQLError(`Expected value of type "${type.name}" but got: ${kindOf(value)}.`, { nodes });
    return executeSelection(run, plan, value, path);
  };
  const isOfType = type.isTypeOf(value, run.contextValue, info);
  return isPromise(isOfType) ? isOfType.then(complete) : complete(isOfType);
}

function requirePossibleType(
  schema: GraphQLSchema,
  abstractType: GraphQLAbstractType,
  name: unknown,
  { info, nodes, value }: Omit<ObjectValue, 'path'>,
): GraphQLObjectType {
  const place = `field "${info.parentType.name}.${info.fieldName}"`;
  const refuse = (text: string): GraphQLError =>
    new GraphQLError(`Abstract type "${abstractType.name}" ${text}`, { nodes });
  if (typeof name !== 'string')
    throw refuse(`must resolve to an Object type at runtime for ${place} with value ${kindOf(value)}.`);
  const type = schema.getType(name);
  if (!isObjectType(type)) throw refuse(`was resolved to "${name}", which is no object type of the schema.`);
  if (!schema.isSubType(abstractType, type)) throw refuse(`cannot be a "${name}".`);
  return type;
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  const serialized: unknown = type.serialize(value);
  if (serialized == null)
    throw new Error(`Expected \`${type.name}.serialize(${kindOf(value)})\` to return non-nullable value.`);
  return serialized;
}

/** As graphql-js does for a field without a resolver. */
const readMember: Resolver = (source, args, context, info) => {
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const member = (source as Record<string, unknown>)[info.fieldName];
  return typeof member === 'function'
    ? ((source as Record<string, Resolver>)[info.fieldName] as (...given: unknown[]) => unknown)(args, context, info)
    : member;
};

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

const isIterableObject = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

/** Values may be secret, and these messages are masked anyway: only their kind is told. */
const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value);
