import { createHash } from 'node:crypto';
import { readLinks, type Requirement } from '@shop/access';
import { Kind, parse, print, type DocumentNode, type OperationTypeNode, type TypeDefinitionNode } from 'graphql';
import { findAccessLinks, removeAccessRules } from './access-links.ts';
import { addArgumentVariants } from './argument-variants.ts';
import { dropUnresolvableKeys } from './drop-unresolvable-keys.ts';
import type { Supergraph, SupergraphField, SupergraphType } from './model.ts';
import { createCacheRuleReader } from './read-cache-rules.ts';
import { createCostReader } from './read-costs.ts';
import { createJoinReader } from './read-joins.ts';
import { createLiveReader } from './read-live.ts';
import { createRequirementReader } from './read-requirements.ts';
import { findShopDirective } from './shop-directives.ts';
import { listFields, readTypeName } from './type-nodes.ts';

/**
 * Reads a supergraph.
 *
 * @param sdl as composition writes it
 * @throws Error when it uses `@policy`, an unknown version of `@authenticated` or `@requiresScopes`, a wrong `@cached`, or a `@live`
 *   that names what does not exist
 */
export function readSupergraph(sdl: string): Supergraph {
  const document = parse(sdl, { noLocation: true });
  const links = readLinks(document);
  const accessLinks = findAccessLinks(links);
  const definitions = document.definitions.filter(isTypeDefinition);
  const roots = readRoots(document);
  const joins = createJoinReader(definitions, links);
  const requirements = createRequirementReader(definitions, accessLinks, findShopDirective(links, 'nullForAnonymous'));
  const readLive = createLiveReader(definitions, findShopDirective(links, 'live'), roots);
  const costs = createCostReader(definitions, links, roots.mutation);
  const caching = createCacheRuleReader(definitions, findShopDirective(links, 'cached'));

  const subtypes = readSubtypes(definitions);
  const types = new Map(
    definitions.map((node): [string, SupergraphType] => {
      const name = node.name.value;
      const typeJoins = joins.readType(node);
      const fields = listFields(node).map((field): [string, SupergraphField] => {
        const fieldJoins = joins.readField(field);
        return [
          field.name.value,
          {
            name: field.name.value,
            type: field.type,
            typeName: readTypeName(field.type),
            isNonNull: field.type.kind === Kind.NON_NULL_TYPE,
            requirements: requirements.ofField(name, field.name.value),
            cost: costs.readField(name, field),
            joins: fieldJoins,
            owners: joins.findOwners(fieldJoins, typeJoins),
            cacheRule: caching.readRule(node, field),
            cacheInputs: caching.readInputs(field),
            live: readLive(name, field),
          },
        ];
      });
      const type: SupergraphType = {
        name,
        kind: kinds[node.kind],
        fields: new Map(fields),
        subtypes: subtypes.get(name) ?? new Set(),
        values: new Set(node.kind === Kind.ENUM_TYPE_DEFINITION ? node.values?.map((value) => value.name.value) : []),
        requirements: requirements.ofType(name),
        joins: typeJoins,
      };
      return [name, type];
    }),
  );

  const planned = dropUnresolvableKeys(removeAccessRules(document, accessLinks), links);
  const varied = addArgumentVariants(planned, links);
  const plannerSdl = planned === document ? sdl : print(planned);

  return {
    hash: hashSdl(sdl),
    sdl,
    plannerSdl,
    variantSdl: varied.document === planned ? plannerSdl : print(varied.document),
    variants: varied.variants,
    subgraphs: joins.subgraphs,
    types,
    getRootType: (operation) => roots[operation],
    getField: (type, field) => types.get(type)?.fields.get(field),
    getRequirements(type, field) {
      const found = types.get(type);
      return found?.fields.get(field)?.requirements ?? found?.requirements ?? none;
    },
    isAbstract: (type) => abstractKinds.has(types.get(type)?.kind),
    isMatchedBy: (type, condition) => type === condition || types.get(condition)?.subtypes.has(type) === true,
  };
}

/** The hash of a supergraph, without reading it. */
export const hashSdl = (sdl: string): string => createHash('sha256').update(sdl).digest('hex').slice(0, 16);

const abstractKinds: ReadonlySet<SupergraphType['kind'] | undefined> = new Set(['interface', 'union']);
const none: readonly Requirement[] = [];

const kinds = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
} as const;

function isTypeDefinition(node: DocumentNode['definitions'][number]): node is TypeDefinitionNode {
  return Object.hasOwn(kinds, node.kind);
}

function readRoots({ definitions }: DocumentNode): Record<`${OperationTypeNode}`, string> {
  const roots = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
  for (const node of definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const { operation, type } of node.operationTypes) roots[operation] = type.name.value;
  }
  return roots;
}

function readSubtypes(definitions: readonly TypeDefinitionNode[]): ReadonlyMap<string, ReadonlySet<string>> {
  const subtypes = new Map<string, Set<string>>();
  const add = (type: string, subtype: string) => {
    const known = subtypes.get(type);
    if (known === undefined) subtypes.set(type, new Set([subtype]));
    else known.add(subtype);
  };
  for (const node of definitions) {
    if (node.kind === Kind.UNION_TYPE_DEFINITION)
      for (const member of node.types ?? []) add(node.name.value, member.name.value);
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
      for (const parent of node.interfaces ?? []) add(parent.name.value, node.name.value);
  }
  return subtypes;
}
