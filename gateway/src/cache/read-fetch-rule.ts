import {
  Kind,
  parse,
  valueFromASTUntyped,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import {
  getResponseName,
  indexFragments,
  type CacheInput,
  type CacheShare,
  type Supergraph,
  type SupergraphField,
  type SupergraphType,
} from '../supergraph/index.ts';
import { tagOfAll, tagOfSubject, type Channel, type Channels } from './channels.ts';
import { byScopes, everyone, joinShares } from './share.ts';
import type { Source } from './source.ts';

/** How the answers to an operation of a subgraph may be kept. */
export interface FetchRule {
  /** Unique in the process. */
  readonly id: number;
  readonly share: CacheShare;
  /** The streams whose events change the answers. */
  readonly streams: readonly Source[];
  /**
   * The tags of an answer.
   *
   * @param data of a call for root fields; one entity, or null, of a call for entities
   * @param variables those of the operation
   * @param representation of the entity, as JSON
   */
  listTags(data: unknown, variables: Readonly<Record<string, unknown>>, representation?: string): readonly string[];
}

/** The objects at one place of an answer. */
interface Place {
  /** The channels whose events are about these objects. */
  readonly subjects: { readonly channel: Channel; readonly field: string; readName: () => string | undefined }[];
  /** By the response names of fields with objects. */
  readonly children: Map<string, Place>;
  /** The response names of fields without arguments, by their names. */
  readonly names: Map<string, string>;
}

/** Adds the tags that depend on arguments. */
type ReadTags = (variables: Readonly<Record<string, unknown>>, tags: Set<string>) => void;

interface Reading {
  readonly supergraph: Supergraph;
  readonly channels: Channels;
  readonly collectFrom: (type: string, selections: SelectionSetNode, place: Place) => boolean;
  readonly streams: Set<Source>;
  /** The tags that every answer has. */
  readonly fixed: Set<string>;
  readonly readers: ReadTags[];
  share: CacheShare;
}

let lastId = 0;

const entitiesField = '_entities';

/**
 * Reads from the declarations of the supergraph how the answers to an operation may be kept.
 *
 * @param text the operation of a subgraph: a query for root fields or for entities
 * @returns undefined when a field that it selects is not declared
 */
export function readFetchRule(text: string, supergraph: Supergraph, channels: Channels): FetchRule | undefined {
  const document = parse(text, { noLocation: true });
  const fragments = indexFragments(document);
  const operation = document.definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  if (operation === undefined || operation.operation !== 'query') return undefined;
  const reading: Reading = {
    supergraph,
    channels,
    collectFrom,
    streams: new Set(),
    fixed: new Set(),
    readers: [],
    share: everyone,
  };

  function collectFrom(type: string, { selections }: SelectionSetNode, place: Place): boolean {
    return selections.every((node) => {
      if (node.kind === Kind.FIELD) return addField(reading, type, node, place);
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (fragment === undefined) return false;
      return collectFrom(fragment.typeCondition?.name.value ?? type, fragment.selectionSet, place);
    });
  }

  const root = createPlace();
  const entities = findEntities(operation);
  const isDeclared =
    entities === undefined
      ? collectFrom(supergraph.getRootType('query'), operation.selectionSet, root)
      : collectFrom('', entities, root);
  if (!isDeclared) return undefined;

  const defaults = readDefaults(operation);
  const { streams, fixed, readers, share } = reading;
  return {
    id: (lastId += 1),
    share,
    streams: [...streams],
    listTags(data, variables, representation) {
      const tags = new Set(fixed);
      const all = defaults === undefined ? variables : { ...defaults, ...variables };
      for (const read of readers) read(all, tags);
      if (entities === undefined) addTags(data, root, tags, undefined);
      else addTags(data ?? {}, root, tags, parseObject(representation));
      return [...tags];
    },
  };
}

/** The selections of `_entities`, which stands alone in an operation for entities. */
function findEntities({ selectionSet }: OperationDefinitionNode): SelectionSetNode | undefined {
  const [first] = selectionSet.selections;
  return first?.kind === Kind.FIELD && first.name.value === entitiesField ? first.selectionSet : undefined;
}

function readDefaults({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> | undefined {
  const entries = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function createPlace(): Place {
  return { subjects: [], children: new Map(), names: new Map() };
}

/** @returns false for a field that is not declared */
function addField(reading: Reading, type: string, node: FieldNode, place: Place): boolean {
  const { supergraph } = reading;
  const name = node.name.value;
  const responseName = getResponseName(node);
  if (supergraph.getRequirements(type, name).length > 0) reading.share = joinShares(reading.share, byScopes);
  if (name === '__typename') return true;
  const owner = supergraph.types.get(type);
  const field = supergraph.getField(type, name);
  if (owner === undefined || field === undefined) return false;
  if ((node.arguments ?? []).length === 0) place.names.set(name, responseName);
  if (field.cacheRule === undefined) return isPlain(owner, supergraph);

  if (!addRule(reading, field, node, place)) return false;
  if (node.selectionSet === undefined) return true;
  let child = place.children.get(responseName);
  if (child === undefined) place.children.set(responseName, (child = createPlace()));
  return reading.collectFrom(field.typeName, node.selectionSet, child);
}

function addRule(reading: Reading, field: SupergraphField, node: FieldNode, place: Place): boolean {
  const { events, subject, share } = field.cacheRule as NonNullable<SupergraphField['cacheRule']>;
  reading.share = joinShares(reading.share, share);
  if (!addInputs(reading, field.cacheInputs, node)) return false;
  if (events.length === 0) return true;
  const channel = findChannel(reading, events);
  if (channel === undefined) return false;
  if (subject === undefined) {
    reading.fixed.add(tagOfAll(channel));
  } else if (subject.kind === 'argument') {
    const value = node.arguments?.find((argument) => argument.name.value === subject.name)?.value;
    reading.readers.push((variables, tags) =>
      tags.add(tagOf(channel, value && valueFromASTUntyped(value, variables as Record<string, unknown>))),
    );
  } else if (!place.subjects.some((known) => known.channel === channel && known.field === subject.name)) {
    place.subjects.push({ channel, field: subject.name, readName: () => place.names.get(subject.name) });
  }
  return true;
}

function findChannel(reading: Reading, events: readonly string[]): Channel | undefined {
  const channel = reading.channels.find(events);
  for (const stream of channel?.streams ?? []) reading.streams.add(stream);
  return channel;
}

/** Values on which the result of a field depends only when they are given. */
function addInputs(reading: Reading, inputs: ReadonlyMap<string, CacheInput>, node: FieldNode): boolean {
  if (inputs.size === 0) return true;
  // The streams of all of them: which ones are given is not known before the call.
  const channels = new Map<readonly string[], Channel>();
  const find = (members: ReadonlyMap<string, CacheInput>, seen: Set<unknown>): boolean => {
    if (seen.has(members)) return true;
    seen.add(members);
    return [...members.values()].every(({ events, members: below }) => {
      const channel = events.length === 0 ? undefined : findChannel(reading, events);
      if (channel !== undefined) channels.set(events, channel);
      return (events.length === 0 || channel !== undefined) && find(below, seen);
    });
  };
  if (!find(inputs, new Set())) return false;
  const add = (given: unknown, { events, members }: CacheInput, tags: Set<string>): void => {
    const channel = channels.get(events);
    if (channel !== undefined) tags.add(tagOfAll(channel));
    if (Array.isArray(given)) return given.forEach((item) => addMembers(item, members, tags));
    addMembers(given, members, tags);
  };
  const addMembers = (given: unknown, members: ReadonlyMap<string, CacheInput>, tags: Set<string>): void => {
    if (typeof given !== 'object' || given === null) return;
    for (const [name, input] of members) {
      const value = (given as Record<string, unknown>)[name];
      if (value !== undefined || input.hasDefault) add(value, input, tags);
    }
  };
  const values = new Map((node.arguments ?? []).map(({ name, value }) => [name.value, value]));
  reading.readers.push((variables, tags) => {
    for (const [name, input] of inputs) {
      const value = values.get(name);
      const given = value && valueFromASTUntyped(value, variables as Record<string, unknown>);
      if (given !== undefined || input.hasDefault) add(given, input, tags);
    }
  });
  return true;
}

/** The events about an object are not known by the value of its subject when that is missing. Then each event counts. */
function tagOf(channel: Channel, subject: unknown): string {
  return typeof subject === 'string' || typeof subject === 'number'
    ? tagOfSubject(channel, String(subject))
    : tagOfAll(channel);
}

/**
 * An object of plain values without a key, such as an amount of money, belongs to the field that returns it, unless one of its fields has
 * a declaration of its own.
 */
function isPlain({ name, kind, joins, fields, requirements }: SupergraphType, supergraph: Supergraph): boolean {
  return (
    kind === 'object' &&
    name !== supergraph.getRootType('query') &&
    requirements.length === 0 &&
    joins.every(({ key }) => key === undefined) &&
    [...fields.values()].every(
      (field) => isLeaf(field.typeName, supergraph) && field.cacheRule === undefined && field.requirements.length === 0,
    )
  );
}

function isLeaf(type: string, { types }: Supergraph): boolean {
  const kind = types.get(type)?.kind;
  return kind === undefined || kind === 'scalar' || kind === 'enum';
}

/** @param representation of an entity: it has the key, which the answer may lack */
function addTags(
  data: unknown,
  place: Place,
  tags: Set<string>,
  representation: Readonly<Record<string, unknown>> | undefined,
): void {
  if (Array.isArray(data)) {
    for (const item of data) addTags(item, place, tags, undefined);
    return;
  }
  if (typeof data !== 'object' || data === null) return;
  const object = data as Readonly<Record<string, unknown>>;
  for (const { channel, field, readName } of place.subjects) {
    if (tags.has(tagOfAll(channel))) continue;
    const name = readName();
    tags.add(tagOf(channel, (name === undefined ? undefined : object[name]) ?? representation?.[field]));
  }
  for (const [name, child] of place.children) addTags(object[name], child, tags, undefined);
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
}
