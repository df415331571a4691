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
import type { Preloads } from './resolvers.ts';

type Path = GraphQLResolveInfo['path'];
type Variables = Record<string, unknown>;
type Fragments = Record<string, FragmentDefinitionNode>;
type Resolver = GraphQLFieldResolver<unknown, unknown>;
/** Turns what a resolver returned into a part of the answer. Returns undefined when that part comes later. */
type Complete = (run: Run, info: GraphQLResolveInfo, place: Place, value: unknown) => unknown;

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
  /** An empty object. */
  readonly create: () => Record<string, unknown>;
  readonly fields: readonly (FieldPlan | string)[];
}

/** A schema, with what is known about it beside its resolvers. */
export interface CompilableSchema {
  readonly schema: GraphQLSchema;
  readonly plainFields: PlainFields;
  readonly preloads: Preloads;
}

/** The operation, with all that its execution needs to know about the schema. */
interface Executable extends CompilableSchema {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
}

/** More combinations of skipped fields are not kept at the same time. */
const MAX_VARIANTS = 16;

/**
 * A query, or a mutation of one field, whose selections are collected once, not for each object of each answer. Its answers are those of
 * graphql-js, whose functions it uses wherever speed does not matter; a test compares both.
 */
export class CompiledOperation {
  readonly #executable: Executable;
  /** The variables that decide about `@skip` and `@include`. */
  readonly #conditions: readonly string[];
  /** By the values of these variables. */
  readonly #variants = new Map<string, SelectionPlan>();

  constructor(compilable: CompilableSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    const definitions = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    const fragments = Object.fromEntries(definitions.map((fragment) => [fragment.name.value, fragment]));
    this.#executable = { ...compilable, operation, fragments };
    this.#conditions = findConditions([operation.selectionSet, ...definitions.map((each) => each.selectionSet)]);
  }

  /** @returns undefined when graphql-js must execute this, and then nothing was done */
  execute(contextValue: unknown, given: Readonly<Variables>): ExecutionResult | Promise<ExecutionResult> | undefined {
    const { schema, operation } = this.#executable;
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], given);
    if (coerced.coerced === undefined) return undefined;
    const variables = coerced.coerced;
    if (this.#conditions.some((name) => typeof variables[name] !== 'boolean')) return undefined;
    const plan = this.#findPlan(variables);
    if (plan === undefined) return undefined;
    return new Run(this.#executable, variables, contextValue).start(plan);
  }

  #findPlan(variables: Variables): SelectionPlan | undefined {
    const key = this.#conditions.map((name) => String(variables[name])).join();
    const known = this.#variants.get(key);
    if (known !== undefined) return known;
    const { schema, operation } = this.#executable;
    const type = schema.getRootType(operation.operation);
    if (type == null) return undefined;
    const compiler = new Compiler(this.#executable, variables);
    const fields = compiler.collect(type, [operation.selectionSet]);
    // Fields of the schema itself are rare.
    for (const [node] of fields.values()) if (/^__(?!typename$)/.test(node.name.value)) return undefined;
    // The fields of a mutation are executed one after the other.
    const names = [...fields.values()].map(([node]) => node.name.value).filter((name) => name !== '__typename');
    if (operation.operation === 'mutation' && names.length > 1) return undefined;
    const plan = compiler.toPlan(type, fields);
    if (this.#variants.size === MAX_VARIANTS) this.#variants.clear();
    this.#variants.set(key, plan);
    return plan;
  }
}

type CollectedFields = Map<string, [FieldNode, ...FieldNode[]]>;

/** Collects the fields of selections, for certain values of the variables in `@skip` and `@include`. */
class Compiler {
  readonly #executable: Executable;
  readonly #variables: Variables;

  constructor(executable: Executable, variables: Variables) {
    this.#executable = executable;
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
      create: fields.has('__proto__') ? createBare : createPlain,
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
      complete: createComplete({ ...this.#executable, nodes, findBelow }, field.type),
      isNullable: !isNonNullType(field.type),
      plainLeaf: isLeafType(type) && this.#executable.plainFields.isPlain(field) ? type : undefined,
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
        const fragment = this.#executable.fragments[name];
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
    const { schema } = this.#executable;
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

/** A place of an answer: a field of an object, or an item of a list. Resolvers know it as their path. */
class Place implements Path {
  readonly prev: Place | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
  /** The object or the list that has the place. */
  readonly #container: Record<string | number, unknown>;
  readonly #isNullable: boolean;

  constructor(
    above: Place | undefined,
    key: string | number,
    typename: string | undefined,
    container: object,
    isNullable: boolean,
  ) {
    this.prev = above;
    this.key = key;
    this.typename = typename;
    this.#container = container as Record<string | number, unknown>;
    this.#isNullable = isNullable;
  }

  /** This place, or the next one above it, that may be null. */
  get nullable(): Place | undefined {
    return this.#isNullable ? this : this.prev?.nullable;
  }

  fill(value: unknown): void {
    this.#container[this.key] = value;
  }
}

/** One execution. */
class Run {
  readonly executable: Executable;
  readonly variables: Variables;
  readonly contextValue: unknown;
  readonly #errors: GraphQLError[] = [];
  /** The places that errors made null. */
  readonly #nulled = new Set<Place | undefined>();
  #data: unknown = null;
  /** How many places wait for their values. */
  #waiting = 0;
  #finish: (() => void) | undefined;

  constructor(executable: Executable, variables: Variables, contextValue: unknown) {
    this.executable = executable;
    this.variables = variables;
    this.contextValue = contextValue;
  }

  start(plan: SelectionPlan): ExecutionResult | Promise<ExecutionResult> {
    try {
      this.#data = executeSelection(this, plan, undefined, undefined);
    } catch (error) {
      this.#note(error as GraphQLError, undefined);
    }
    if (this.#waiting === 0) return this.#answer();
    return new Promise((resolve) => {
      this.#finish = () => resolve(this.#answer());
    });
  }

  /** Fills a place when its value is there. Returns undefined: whatever is in the place until then keeps its turn among the others. */
  later<Value>(
    place: Place,
    nodes: readonly FieldNode[],
    value: PromiseLike<Value>,
    complete: (settled: Value) => unknown,
  ): undefined {
    this.#waiting += 1;
    // Others than promises may answer at once, before there is a place to fill.
    const promise = value instanceof Promise ? (value as Promise<Value>) : Promise.resolve(value);
    promise.then(
      (settled) => {
        try {
          const completed = complete(settled);
          if (completed !== undefined) place.fill(completed);
        } catch (error) {
          this.#fail(place, nodes, error);
        }
        this.#settle();
      },
      (error: unknown) => {
        this.#fail(place, nodes, error);
        this.#settle();
      },
    );
  }

  #settle(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#finish?.();
  }

  /** Makes a place null at which something has failed, while the ones above it are made. @throws GraphQLError when it must not be null */
  nullify(place: Place, nodes: readonly FieldNode[], error: unknown): null {
    const located = locatedError(error, nodes, responsePathAsArray(place));
    if (place.nullable !== place) throw located;
    this.#note(located, place);
    return null;
  }

  /** Does so when the ones above it have been made: the next one that may be null becomes null. */
  #fail(place: Place, nodes: readonly FieldNode[], error: unknown): void {
    const { nullable } = place;
    this.#note(locatedError(error, nodes, responsePathAsArray(place)), nullable);
    if (nullable === undefined) this.#data = null;
    else nullable.fill(null);
  }

  /** Notes an error, unless another one has already made this place or one above it null. */
  #note(error: GraphQLError, place: Place | undefined): void {
    for (let above = place; above !== undefined; above = above.prev) if (this.#nulled.has(above)) return;
    if (this.#nulled.has(undefined)) return;
    this.#nulled.add(place);
    this.#errors.push(error);
  }

  #answer(): ExecutionResult {
    const data = this.#data as Record<string, unknown> | null;
    return this.#errors.length === 0 ? { data } : { errors: this.#errors, data };
  }
}

/** The last argument of a resolver. Most resolvers read nothing of it. */
class FieldInfo implements GraphQLResolveInfo {
  readonly path: Place;
  readonly rootValue: unknown = undefined;
  readonly #run: Run;
  readonly #plan: FieldPlan;

  constructor(run: Run, plan: FieldPlan, place: Place) {
    this.path = place;
    this.#run = run;
    this.#plan = plan;
  }

  get fieldName(): string {
    return this.#plan.field.name;
  }

  get fieldNodes(): readonly FieldNode[] {
    return this.#plan.nodes;
  }

  get returnType(): GraphQLOutputType {
    return this.#plan.field.type;
  }

  get parentType(): GraphQLObjectType {
    return this.#plan.parentType;
  }

  get schema(): GraphQLSchema {
    return this.#run.executable.schema;
  }

  get fragments(): Fragments {
    return this.#run.executable.fragments;
  }

  get operation(): OperationDefinitionNode {
    return this.#run.executable.operation;
  }

  get variableValues(): Variables {
    return this.#run.variables;
  }
}

/** V8 reads and writes objects with a prototype faster. */
const createPlain = (): Record<string, unknown> => ({});
/** Only an object without a prototype can have a member of the name `__proto__`. */
const createBare = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

function executeSelection(
  run: Run,
  { type, create, fields }: SelectionPlan,
  source: unknown,
  place: Place | undefined,
): unknown {
  const result = create();
  for (const plan of fields) {
    if (typeof plan === 'string') result[plan] = type.name;
    // Also a value that comes later is set, since keys keep the order in which they were set first.
    else result[plan.key] = executeField(run, plan, source, result, place);
  }
  return result;
}

function executeField(run: Run, plan: FieldPlan, source: unknown, result: object, above: Place | undefined): unknown {
  const { plainLeaf, field } = plan;
  if (plainLeaf !== undefined && typeof source === 'object' && source !== null) {
    const value = (source as Readonly<Record<string, unknown>>)[field.name];
    if (value == null) {
      if (plan.isNullable) {
        run.executable.plainFields.take(run.contextValue, field, null);
        return null;
      }
    } else if (typeof value !== 'object' && typeof value !== 'function') {
      const serialized = serializePlain(run, plan, plainLeaf, value);
      if (serialized != null) return serialized;
    }
  }
  return resolveField(run, plan, source, new Place(above, plan.key, plan.parentType.name, result, plan.isNullable));
}

/** @returns undefined when the value does not fit, and then the long way reports it */
function serializePlain(run: Run, { field }: FieldPlan, type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.serialize(run.executable.plainFields.take(run.contextValue, field, value));
  } catch {
    return undefined;
  }
}

function resolveField(run: Run, plan: FieldPlan, source: unknown, place: Place): unknown {
  const { field, nodes, resolve, complete } = plan;
  const info = new FieldInfo(run, plan, place);
  try {
    const args = field.args.length === 0 ? {} : getArgumentValues(field, nodes[0], run.variables);
    const value: unknown = resolve(source, args, run.contextValue, info);
    return isPromise(value)
      ? run.later(place, nodes, value, (settled) => complete(run, info, place, settled))
      : complete(run, info, place, value);
  } catch (error) {
    return run.nullify(place, nodes, error);
  }
}

/** Facts about a field that completing its values needs, beside their type. */
interface Completion extends CompilableSchema {
  readonly nodes: readonly FieldNode[];
  /** The selection below, for objects of a type. */
  readonly findBelow: (type: GraphQLObjectType) => SelectionPlan;
}

function createComplete(completion: Completion, type: GraphQLOutputType): Complete {
  if (isNonNullType(type)) {
    const complete = createComplete(completion, type.ofType);
    return (run, info, place, value) => {
      const completed = complete(run, info, place, value);
      if (completed === null)
        throw new Error(`Cannot return null for non-nullable field ${info.parentType.name}.${info.fieldName}.`);
      return completed;
    };
  }
  const complete = createCompleteValue(completion, type);
  return (run, info, place, value) => {
    if (value instanceof Error) throw value;
    return value == null ? null : complete(run, info, place, value);
  };
}

function createCompleteValue(completion: Completion, type: GraphQLOutputType): Complete {
  const { schema, nodes, findBelow } = completion;
  if (isListType(type)) return createCompleteList(completion, type.ofType);
  if (isLeafType(type)) return (_run, _info, _place, value) => serialize(type, value);
  if (isAbstractType(type)) {
    return (run, info, place, value) => {
      const found = (type.resolveType ?? defaultTypeResolver)(value, run.contextValue, info, type);
      const complete = (name: unknown): unknown => {
        const objectType = requirePossibleType(schema, type, name, { info, nodes, value });
        return completeObject(run, findBelow(objectType), { info, nodes, place, value });
      };
      return isPromise(found) ? run.later(place, nodes, found, complete) : complete(found);
    };
  }
  if (!isObjectType(type)) throw new TypeError(`${String(type)} is no type of a field.`);
  return (run, info, place, value) => completeObject(run, findBelow(type), { info, nodes, place, value });
}

function createCompleteList(completion: Completion, itemType: GraphQLOutputType): Complete {
  const { nodes } = completion;
  const completeItem = createComplete(completion, itemType);
  const isNullable = !isNonNullType(itemType);
  const completeItems = (run: Run, info: GraphQLResolveInfo, place: Place, value: Iterable<unknown>): unknown[] => {
    const items: unknown[] = [];
    for (const item of value) {
      const itemPlace = new Place(place, items.length, undefined, items, isNullable);
      try {
        items.push(
          isPromise(item)
            ? run.later(itemPlace, nodes, item, (settled) => completeItem(run, info, itemPlace, settled))
            : completeItem(run, info, itemPlace, item),
        );
      } catch (error) {
        items.push(run.nullify(itemPlace, nodes, error));
      }
    }
    return items;
  };
  const preload = createPreload(completion, itemType);
  return (run, info, place, value) => {
    if (!isIterableObject(value))
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${info.parentType.name}.${info.fieldName}".`,
      );
    const preloaded = preload?.(run, value);
    return preloaded === undefined
      ? completeItems(run, info, place, value)
      : run.later(place, nodes, preloaded, () => completeItems(run, info, place, value));
  };
}

/** @returns a function that preloads what the objects of a list need, or undefined when they need nothing */
function createPreload(
  { preloads, findBelow }: Completion,
  itemType: GraphQLOutputType,
): ((run: Run, items: Iterable<unknown>) => PromiseLike<unknown> | undefined) | undefined {
  const type = getNullableType(itemType);
  if (!isObjectType(type)) return undefined;
  const preload = preloads[type.name];
  if (preload === undefined) return undefined;
  let selected: ReadonlySet<string> | undefined;
  return (run, items) => {
    selected ??= new Set(findBelow(type).fields.flatMap((plan) => (typeof plan === 'string' ? [] : plan.field.name)));
    const parents = [...items].filter((item) => typeof item === 'object' && item !== null && !isPromise(item));
    const loads = preload(parents, run.contextValue, selected).filter((load) => load !== false);
    return loads.length === 0 ? undefined : Promise.all(loads);
  };
}

interface ObjectValue {
  readonly info: GraphQLResolveInfo;
  readonly nodes: readonly FieldNode[];
  readonly place: Place;
  readonly value: unknown;
}

function completeObject(run: Run, plan: SelectionPlan, { info, nodes, place, value }: ObjectValue): unknown {
  const { type } = plan;
  if (!type.isTypeOf) return executeSelection(run, plan, value, place);
  const complete = (isOfType: boolean): unknown => {
    if (!isOfType)
      throw new GraphQLError(`Expected value of type "${type.name}" but got: ${kindOf(value)}.`, { nodes });
    return executeSelection(run, plan, value, place);
  };
  const isOfType = type.isTypeOf(value, run.contextValue, info);
  return isPromise(isOfType) ? run.later(place, nodes, isOfType, complete) : complete(isOfType);
}

function requirePossibleType(
  schema: GraphQLSchema,
  abstractType: GraphQLAbstractType,
  name: unknown,
  { info, nodes, value }: Omit<ObjectValue, 'place'>,
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
