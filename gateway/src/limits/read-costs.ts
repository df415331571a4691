import {
  introspectionTypes,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  getNamedType,
  getNullableType,
  parse,
  valueFromASTUntyped,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type OperationTypeNode,
  type TypeNode,
} from 'graphql';

export interface ListSize {
  readonly assumedSize: number | undefined;
  readonly slicingArguments: readonly string[];
  /** Where not empty, the size is that of these fields of the object that the field gives. */
  readonly sizedFields: readonly string[];
}

/** What has to be known of a field to say what it costs. */
export interface FieldCost {
  readonly type: string;
  readonly isList: boolean;
  /** Of one object or value that it gives. */
  readonly weight: number;
  readonly listSize: ListSize | undefined;
  readonly argumentDefaults: ReadonlyMap<string, unknown>;
  readonly isIntrospection: boolean;
}

export interface Costs {
  rootTypeOf(operation: OperationTypeNode): string;
  /** Undefined for `__typename`, and what is not in the schema. */
  fieldOf(type: string, field: string): FieldCost | undefined;
}

/** A mutation's own work, a transaction or a password's hash, beside the objects that it gives. */
const mutationWeight = 10;

/**
 * Reads `@listSize`, and `@cost` on fields and types, from a supergraph. An object weighs 1, a scalar 0, a mutation 10, where
 * no `@cost` says otherwise.
 *
 * @param supergraphSdl as composition writes it
 */
export function readCosts(supergraphSdl: string): Costs {
  const document = parse(supergraphSdl, { noLocation: true });
  const names = directiveNames(document);
  const roots = new Map<string, string>([
    ['query', 'Query'],
    ['mutation', 'Mutation'],
  ]);
  const typeWeights = new Map<string, number>();
  for (const node of document.definitions) {
    if (node.kind === Kind.SCHEMA_DEFINITION)
      for (const { operation, type } of node.operationTypes) roots.set(operation, type.name.value);
    if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const isComposite =
      node.kind === Kind.OBJECT_TYPE_DEFINITION ||
      node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
      node.kind === Kind.UNION_TYPE_DEFINITION;
    typeWeights.set(node.name.value, weightOf(node.directives, names.cost) ?? (isComposite ? 1 : 0));
  }

  const fields = introspectionFields();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const preset = node.name.value === roots.get('mutation') ? mutationWeight : undefined;
    for (const field of node.fields ?? []) {
      const cost = costOf(field, names);
      const weight = weightOf(field.directives, names.cost) ?? preset ?? typeWeights.get(cost.type) ?? 0;
      fields.set(`${node.name.value}.${field.name.value}`, { ...cost, weight });
    }
  }
  const query = roots.get('query');
  for (const [field, type] of [
    ['__schema', '__Schema'],
    ['__type', '__Type'],
  ] as const) {
    fields.set(`${query}.${field}`, { ...plain, type, weight: 1, isIntrospection: true });
  }
  return {
    rootTypeOf: (operation) => roots.get(operation) ?? '',
    fieldOf: (type, field) => fields.get(`${type}.${field}`),
  };
}

const plain = {
  isList: false,
  listSize: undefined,
  argumentDefaults: new Map<string, unknown>(),
  isIntrospection: false,
} as const;

function costOf(field: FieldDefinitionNode, names: Names): Omit<FieldCost, 'weight'> {
  const { type, isList } = unwrap(field.type);
  const listSize = field.directives?.find(({ name }) => name.value === names.listSize);
  return {
    ...plain,
    type,
    isList,
    listSize: listSize === undefined ? undefined : readListSize(listSize),
    argumentDefaults: new Map(
      (field.arguments ?? []).flatMap(({ name, defaultValue }) =>
        defaultValue === undefined ? [] : [[name.value, valueFromASTUntyped(defaultValue)]],
      ),
    ),
  };
}

function unwrap(given: TypeNode): { type: string; isList: boolean } {
  let type = given;
  let isList = false;
  while (type.kind !== Kind.NAMED_TYPE) {
    isList ||= type.kind === Kind.LIST_TYPE;
    type = type.type;
  }
  return { type: type.name.value, isList };
}

function readListSize(node: DirectiveNode): ListSize {
  const {
    assumedSize,
    slicingArguments = [],
    sizedFields = [],
  } = argumentsOf<Partial<Record<keyof ListSize, unknown>>>(node);
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
    slicingArguments: (slicingArguments ?? []) as string[],
    sizedFields: (sizedFields ?? []) as string[],
  };
}

function weightOf(directives: readonly DirectiveNode[] = [], name: string): number | undefined {
  const node = directives.find((each) => each.name.value === name);
  const { weight } = node === undefined ? {} : argumentsOf<{ weight?: unknown }>(node);
  // A negative weight would let an operation pay for another part of itself.
  return weight === undefined ? undefined : Math.max(Number(weight), 0);
}

function argumentsOf<Arguments>(node: DirectiveNode): Arguments {
  return Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  ) as Arguments;
}

interface Names {
  readonly cost: string;
  readonly listSize: string;
}

/** The two directives' names in this supergraph: a `@link` may import them under others. */
function directiveNames(document: DocumentNode): Names {
  const imports = document.definitions
    .flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : [],
    )
    .filter((node) => node.name.value === 'link')
    .map((node) => argumentsOf<{ url?: string; import?: readonly (string | { name: string; as?: string })[] }>(node))
    .filter(({ url = '' }) => url.startsWith('https://specs.apollo.dev/cost/'))
    .flatMap((link) => link.import ?? []);
  const nameOf = (name: string) => {
    const found = imports.find((element) => typeof element !== 'string' && element.name === `@${name}`);
    return (typeof found === 'object' && found.as?.slice(1)) || name;
  };
  return { cost: nameOf('cost'), listSize: nameOf('listSize') };
}

/** A supergraph does not carry the types of introspection. */
function introspectionFields(): Map<string, FieldCost> {
  const fields = new Map<string, FieldCost>();
  for (const type of introspectionTypes) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      const isList = isListType(getNullableType(field.type));
      fields.set(`${type.name}.${field.name}`, {
        ...plain,
        type: named.name,
        isList,
        weight: isLeafType(named) ? 0 : 1,
        isIntrospection: true,
      });
    }
  }
  return fields;
}
