/** Any function. A narrower type would need the type of the parent. */
type AnyResolver = (...args: never[]) => unknown;

/** `true` when GraphQL's default resolver finds the field on its parent: a member or a method of its name. */
type Gives<Parent, Name extends PropertyKey, Resolver extends AnyResolver> = Parent extends {
  readonly [Key in Name]: infer Member;
}
  ? [Member] extends [ReturnType<Resolver> | Method<Resolver>]
    ? true
    : false
  : false;

/** GraphQL calls a member that is a function without the parent. */
type Method<Resolver extends AnyResolver> =
  Parameters<Resolver> extends [unknown, ...infer Rest] ? (...rest: Rest) => ReturnType<Resolver> : never;

/** The parent of a type's fields. A reference resolver takes a reference instead. */
type ParentOf<Fields> = {
  [Name in keyof Fields]: Name extends `__${string}`
    ? never
    : Fields[Name] extends AnyResolver
      ? Parameters<Fields[Name]>[0]
      : never;
}[keyof Fields];

/** `true` when a member of a union or interface names its own type. */
type TellsItsType<Resolver extends AnyResolver> = Parameters<Resolver>[0] extends { readonly __typename: string }
  ? true
  : false;

/** `true` when only our own resolver can resolve the field. */
type IsNeeded<Name extends PropertyKey, Resolver> = Name extends '__isTypeOf'
  ? false
  : Resolver extends AnyResolver
    ? Name extends '__resolveReference'
      ? true
      : Name extends '__resolveType'
        ? [TellsItsType<Resolver>] extends [true]
          ? false
          : true
        : [Gives<Parameters<Resolver>[0], Name, Resolver>] extends [true]
          ? false
          : true
    : false;

type NeededFields<Fields> = {
  [Name in keyof Fields]-?: IsNeeded<Name, Fields[Name]> extends true ? Name : never;
}[keyof Fields];

/** A reference resolves to the parent of the fields, or to null. The reference itself is not enough. */
type Field<Fields, Name extends keyof Fields> = Name extends '__resolveReference'
  ? Fields[Name] extends (reference: infer Reference, ...rest: infer Rest) => unknown
    ? (reference: Reference, ...rest: Rest) => ParentOf<Fields> | null | Promise<ParentOf<Fields> | null>
    : never
  : Fields[Name];

/**
 * The resolvers that a schema type must have, from the type that GraphQL Code Generator makes. Each field needs one,
 * unless the parent has a fitting member of that name. Other resolvers are allowed.
 */
export type CompleteFields<Fields> = { readonly [Name in NeededFields<Fields>]: Field<Fields, Name> } & {
  readonly [Name in Exclude<keyof Fields, NeededFields<Fields>>]?: Fields[Name];
};

/** A type needs resolvers when one of its fields needs one. A scalar always needs them. */
type NeededTypes<Types> = {
  [Name in keyof Types]-?: Types[Name] extends { readonly serialize: unknown }
    ? Name
    : [NeededFields<Types[Name]>] extends [never]
      ? never
      : Name;
}[keyof Types];

type CompleteType<Type> = Type extends { readonly serialize: unknown } ? Type : CompleteFields<Type>;

/**
 * The resolvers that a subgraph must have, from the `Resolvers` that GraphQL Code Generator makes. `satisfies
 * CompleteResolvers<Resolvers>` checks that none is missing, and that each has the type of the schema.
 */
export type CompleteResolvers<Types> = { readonly [Name in NeededTypes<Types>]: CompleteType<Types[Name]> } & {
  readonly [Name in Exclude<keyof Types, NeededTypes<Types>>]?: CompleteType<Types[Name]>;
};
