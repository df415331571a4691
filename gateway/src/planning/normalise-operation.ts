import { visitNodes } from '@shop/engine';
import {
  Kind,
  print,
  TypeInfo,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { getResponseName, indexFragments, isIntrospection, type Variables } from '../supergraph/index.ts';
import { keepConditionalObjects } from './keep-objects.ts';
import { createLiteralVariables } from './literal-variables.ts';
import { repeatConditions } from './repeat-conditions.ts';
import { resolveConstants } from './resolve-constants.ts';
import { indexResponseNames, type ResponseNames } from './response-names.ts';

/** An operation in the form in which it is planned and executed. Operations that differ in names or literals alone have the same form. */
export interface NormalisedOperation {
  /** The operation and its fragments alone. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The canonical text, which identifies the plan. */
  readonly text: string;
  /** The values for the variables of the document. */
  getVariables(given: Variables | undefined): Variables;
  /** The client's names of the fields in the answer; undefined when none was renamed. */
  readonly responseNames: ResponseNames | undefined;
  /** The name that a field of the client's document has in the data of subgraphs. */
  getDataName(field: FieldNode): string;
  /** The client's name of a field, by its name in the data of subgraphs. */
  toClientName(name: string): string;
}

export interface NormaliseOptions {
  /** The schema that clients see. */
  readonly schema: GraphQLSchema;
  /** The fields that the planner adds by itself, from `findPlannerFields`. */
  readonly plannerFields: ReadonlyMap<string, boolean>;
  /**
   * True to add `__typename` to objects of which all selections have conditions, or are left out. Default: false, for an executor that
   * would show it to the client.
   */
  readonly keepsObjects?: boolean;
  /** From `findInterfaceObjectFields`. Default: none. */
  readonly interfaceObjectFields?: ReadonlySet<string>;
  /** The names of fields that need others, from `findComputedFields`. Default: none. */
  readonly computedFields?: ReadonlySet<string>;
}

/** `@apollo/gateway` sends the keys of entities in a variable of this name. */
const reservedVariable = 'representations';

/**
 * Rewrites a valid operation:
 *
 * - The operation's name and unused fragments are removed. Fragments are numbered in the order of their use.
 * - An alias that hides a field which the planner adds gets an internal name, and so does a field whose arguments may differ from those
 *   of such a field. Otherwise a subgraph would get the value of the client's field as a key.
 * - An alias of a field of an `@interfaceObject` gets an internal name. Otherwise its value would replace that of another field with
 *   this alias, which is selected for another object type.
 * - Conditions are repeated at the fields that need them, see `repeatConditions`.
 * - Literals of arguments become variables.
 * - Objects of which all selections have conditions are kept, see `keepConditionalObjects`. Selections that literals leave out are
 *   removed, see `resolveConstants`.
 */
export function normaliseOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  {
    schema,
    plannerFields,
    interfaceObjectFields = new Set(),
    computedFields = new Set(),
    keepsObjects = false,
  }: NormaliseOptions,
): NormalisedOperation {
  const used = listUsed(document, operation, { computedFields, resolvesConstants: keepsObjects });
  const names = collectNames(used);
  const isUnusedName = (name: string) => !names.responses.has(name) && !plannerFields.has(name);
  const fragmentNames = new Map(
    used.slice(1).map((node, index) => [(node as FragmentDefinitionNode).name.value, `F${index}`]),
  );
  /** The internal names, by what is renamed. */
  const renamed = new Map<string, string>();
  const clientNames = new Map<string, string>();
  const literals = createLiteralVariables(names.variables);
  const variableName = names.variables.has(reservedVariable)
    ? findUnused(`client_${reservedVariable}`, (name) => !names.variables.has(name))
    : undefined;

  function getInternalName(response: string, what = response): string {
    let internal = renamed.get(what);
    if (internal === undefined) {
      const isUnused = (name: string): boolean => isUnusedName(name) && !clientNames.has(name);
      internal = findUnused(`renamed_${what}`, isUnused);
      renamed.set(what, internal);
      clientNames.set(internal, response);
    }
    return internal;
  }

  function findAlias({ alias, name, arguments: given = [] }: FieldNode): string | undefined {
    const response = (alias ?? name).value;
    if (response !== name.value && interfaceObjectFields.has(name.value))
      return getInternalName(response, `${response}_${name.value}`);
    const hasArguments = plannerFields.get(response);
    const isHiding = hasArguments !== undefined && (response !== name.value || hasArguments || given.length > 0);
    if (isHiding) return getInternalName(response);
    return response === name.value ? undefined : response;
  }

  const types = new TypeInfo(schema);
  const rewrite = <Node extends OperationDefinitionNode | FragmentDefinitionNode>(node: Node): Node =>
    visitNodes(
      node,
      {
        OperationDefinition: ({ name: _, description: _description, ...rest }) => rest,
        VariableDefinition: ({ description: _, ...rest }) => rest,
        FragmentDefinition: ({ name, description: _, ...rest }) => ({
          ...rest,
          name: { ...name, value: fragmentNames.get(name.value) ?? name.value },
        }),
        FragmentSpread: ({ name, ...rest }) => ({
          ...rest,
          name: { ...name, value: fragmentNames.get(name.value) ?? name.value },
        }),
        Variable: (variable) =>
          variableName === undefined || variable.name.value !== reservedVariable
            ? undefined
            : { ...variable, name: { ...variable.name, value: variableName } },
        Field(field) {
          const alias = findAlias(field);
          const definitions = isIntrospection(types.getParentType()?.name ?? '')
            ? []
            : (types.getFieldDef()?.args ?? []);
          const { alias: _, ...rest } = field;
          return {
            ...rest,
            ...(alias === undefined ? {} : { alias: { kind: Kind.NAME, value: alias } }),
            arguments: (field.arguments ?? []).map((argument) => replaceLiteral(argument, definitions, literals.add)),
          };
        },
      },
      types,
    );

  const [rewritten, ...fragments] = used.map(rewrite) as [OperationDefinitionNode, ...FragmentDefinitionNode[]];
  const completed: OperationDefinitionNode = {
    ...rewritten,
    variableDefinitions: [...(rewritten.variableDefinitions ?? []), ...literals.definitions],
  };
  const complete: DocumentNode = { kind: Kind.DOCUMENT, definitions: [completed, ...fragments] };
  const normalised = keepsObjects ? keepConditionalObjects(complete, schema) : complete;
  const planned = normalised.definitions[0] as OperationDefinitionNode;
  return {
    document: normalised,
    operation: planned,
    text: print(normalised),
    getVariables(given = {}) {
      if (literals.definitions.length === 0 && variableName === undefined) return given;
      return { ...renameVariable(given, variableName), ...literals.values };
    },
    responseNames: renamed.size === 0 ? undefined : indexResponseNames(normalised, planned, clientNames),
    getDataName: (field) => findAlias(field) ?? field.name.value,
    toClientName: (name) => clientNames.get(name) ?? name,
  };
}

/** The operation and the fragments that it uses, in the order of their first use. */
function listUsed(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { computedFields, resolvesConstants }: { computedFields: ReadonlySet<string>; resolvesConstants: boolean },
): (OperationDefinitionNode | FragmentDefinitionNode)[] {
  const given: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...indexFragments(document).values()],
  };
  const { definitions } = repeatConditions(resolvesConstants ? resolveConstants(given) : given, computedFields);
  const [repeated, ...others] = definitions as [OperationDefinitionNode, ...FragmentDefinitionNode[]];
  const repeatedFragments = new Map(others.map((node) => [node.name.value, node]));
  const used = new Set<OperationDefinitionNode | FragmentDefinitionNode>([repeated]);
  // A set also visits what is added meanwhile.
  for (const node of used) {
    visitNodes(node, {
      FragmentSpread({ name }) {
        const fragment = repeatedFragments.get(name.value);
        if (fragment !== undefined) used.add(fragment);
      },
    });
  }
  return [...used];
}

function collectNames(nodes: readonly (OperationDefinitionNode | FragmentDefinitionNode)[]) {
  const responses = new Set<string>();
  const variables = new Set<string>();
  for (const node of nodes) {
    visitNodes(node, {
      Field: (field) => void responses.add(getResponseName(field)),
      Variable: ({ name }) => void variables.add(name.value),
    });
  }
  return { responses, variables };
}

function replaceLiteral(
  argument: ArgumentNode,
  definitions: readonly GraphQLArgument[],
  add: ReturnType<typeof createLiteralVariables>['add'],
): ArgumentNode {
  const definition = definitions.find(({ name }) => name === argument.name.value);
  const variable = definition && add(argument.value, definition.type);
  return variable === undefined ? argument : { ...argument, value: variable };
}

function renameVariable(given: Variables, variableName: string | undefined): Variables {
  if (variableName === undefined || !Object.hasOwn(given, reservedVariable)) return given;
  const { [reservedVariable]: value, ...others } = given;
  return { ...others, [variableName]: value };
}

function findUnused(start: string, isUnused: (name: string) => boolean): string {
  let name = start;
  while (!isUnused(name)) name += '_';
  return name;
}
