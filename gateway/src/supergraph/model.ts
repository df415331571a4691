import type { Requirement } from '@shop/access';
import type { OperationTypeNode, TypeNode } from 'graphql';
import type { ArgumentVariants } from './argument-variants.ts';

/** The content of the composed supergraph, read once. All stages of the gateway use this model. None parses the SDL again. */
export interface Supergraph {
  /** The first 16 digits of the SHA-256 of the SDL that was read. */
  readonly hash: string;
  /** The SDL that was read. Hive's planner takes it as it is. */
  readonly sdl: string;
  /** The SDL without the access rules, which `@apollo/gateway` refuses to load, and without the keys that mislead its planner. */
  readonly plannerSdl: string;
  /** `plannerSdl` with the fields of `variants`. It is for a planner alone: its plans name fields that no subgraph has. */
  readonly variantSdl: string;
  /** The fields that requirements ask for with more than one set of arguments. */
  readonly variants: ArgumentVariants;
  /** The subgraphs by their names. */
  readonly subgraphs: ReadonlyMap<string, SubgraphFacts>;
  /** Every type, without those of introspection. */
  readonly types: ReadonlyMap<string, SupergraphType>;
  getRootType(operation: `${OperationTypeNode}`): string;
  /** Undefined for `__typename`, for introspection, and for names that are not in the schema. */
  getField(type: string, field: string): SupergraphField | undefined;
  /** The requirements for selecting a field of a type, in the order in which they are checked. */
  getRequirements(type: string, field: string): readonly Requirement[];
  /** True when a type is an interface or a union: only an object's `__typename` tells its type. */
  isAbstract(type: string): boolean;
  /** True when a fragment on `condition` applies to an object of `type`. */
  isMatchedBy(type: string, condition: string): boolean;
}

export interface SubgraphFacts {
  readonly name: string;
  /** The routing URL that was composed into the supergraph. */
  readonly url: string;
}

export interface SupergraphType {
  readonly name: string;
  readonly kind: 'object' | 'interface' | 'union' | 'scalar' | 'enum' | 'input';
  /** The fields of an object or an interface. */
  readonly fields: ReadonlyMap<string, SupergraphField>;
  /** The members of a union; the types that implement an interface, other interfaces included. */
  readonly subtypes: ReadonlySet<string>;
  /** The values of an enum. */
  readonly values: ReadonlySet<string>;
  /** The requirements for selecting any field of the type, including `__typename`. */
  readonly requirements: readonly Requirement[];
  /** Where the type comes from: one for each subgraph and key. */
  readonly joins: readonly TypeJoin[];
}

export interface SupergraphField {
  readonly name: string;
  /** With lists and exclamation marks. */
  readonly type: TypeNode;
  /** The type's name alone. */
  readonly typeName: string;
  readonly isNonNull: boolean;
  readonly requirements: readonly Requirement[];
  readonly cost: FieldCost;
  readonly joins: readonly FieldJoin[];
  /** The subgraphs that resolve the field, by their names. */
  readonly owners: readonly string[];
  /** Undefined for a field whose values must not be kept. */
  readonly cacheRule: CacheRule | undefined;
  /** The arguments that make a value depend on more events. */
  readonly cacheInputs: ReadonlyMap<string, CacheInput>;
  /** For a field of the type of subscriptions. Undefined where the gateway cannot serve it. */
  readonly live: LiveSource | undefined;
}

/** A use of `@cached` for a field. */
export interface CacheRule {
  /** The types of the events that change a value, sorted. */
  readonly events: readonly string[];
  /** Where the subject of these events is; undefined when an event with any subject changes a value. */
  readonly subject: { readonly kind: 'field' | 'argument'; readonly name: string } | undefined;
  readonly share: CacheShare;
}

/** The callers who may share a value: those for whom all this is equal. */
export interface CacheShare {
  /** True for a value of one user alone. */
  readonly isPrivate: boolean;
  /** The scopes that matter. All of them means also whether the caller is signed in. */
  readonly scopes: readonly string[] | 'all';
}

/** An argument or a member of an input that makes a value depend on more events when it is given. */
export interface CacheInput {
  readonly events: readonly string[];
  /** True when it has a value also where it is not given. */
  readonly hasDefault: boolean;
  /** Those of its input type. */
  readonly members: ReadonlyMap<string, CacheInput>;
}

/** A use of `@live`: where the messages of a subscription come from. */
export interface LiveSource {
  /** The field of the type of queries that returns the object by its argument `id`. */
  readonly query: string;
  /** The types of the events after which the object may have changed. Their subject is the object's id. */
  readonly events: readonly string[];
  /** The argument that chooses the objects; undefined for all objects. */
  readonly argument: string | undefined;
  /** The member of the event's data that the argument chooses by; undefined where the argument has the ids of the objects. */
  readonly member: string | undefined;
  /** The field of the type of queries that must return something for the value of the argument. */
  readonly within: string | undefined;
  /** The field of the object that grows with each change, as the `sequence` of its events does. */
  readonly version: string | undefined;
}

/** The data needed to estimate the cost of a field. */
export interface FieldCost {
  /** The weight of one object or value that the field returns. */
  readonly weight: number;
  readonly isList: boolean;
  readonly listSize: ListSize | undefined;
  readonly argumentDefaults: ReadonlyMap<string, unknown>;
  /** The arguments that cost something when they are given. */
  readonly argumentCosts: ReadonlyMap<string, InputCost>;
  /** Bytes of one value in the answer, by its type and by `@assumedLength`. For an object, those of its braces. */
  readonly bytes: number;
}

/** The weight of an argument or of a member of an input. */
export interface InputCost {
  readonly weight: number;
  /** The members of its input type that cost something. */
  readonly members: ReadonlyMap<string, InputCost>;
}

/** A use of `@listSize`. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  readonly slicingArguments: readonly string[];
  /** If not empty, the size applies to these fields of the returned object, as in a connection. */
  readonly sizedFields: readonly string[];
}

/** A use of `@join__type`. */
export interface TypeJoin {
  readonly subgraph: string;
  /** A selection set, such as `id` or `sku region { code }`; undefined for a type without a key in this subgraph. */
  readonly key: string | undefined;
  /** True when the subgraph resolves references by this key. */
  readonly isResolvable: boolean;
  readonly isInterfaceObject: boolean;
}

/** A use of `@join__field`. A field without one comes from every subgraph that its type comes from. */
export interface FieldJoin {
  /** Undefined when no subgraph resolves the field by itself, as for a field that an interface object adds. */
  readonly subgraph: string | undefined;
  readonly requires: string | undefined;
  readonly provides: string | undefined;
  /** The type in this subgraph, if it differs. */
  readonly type: string | undefined;
  readonly isExternal: boolean;
  /** True when another subgraph has taken over the field with `@override`. */
  readonly isOverridden: boolean;
}
