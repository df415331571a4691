import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Viewer } from '@shop/process';
import type { Resolvers } from '@shop/subgraph';
import { defaultFieldResolver, isObjectType, parse, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { madeUp, mockValue } from './mock-value.ts';

/**
 * A replacement for a resolver and its use-case, by the field's coordinate, such as `Query.products` or
 * `User.__resolveReference`.
 */
export type Answers = Readonly<
  // The coordinate decides the types of the arguments and of the parent, and a string does not tell them.
  // oxlint-disable-next-line typescript/no-explicit-any
  Record<string, (args: any, about: { readonly viewer: Viewer; readonly parent: any }) => unknown>
>;

export interface SubgraphSource {
  /** The schema in SDL. */
  readonly typeDefs: string;
  readonly resolvers: Resolvers;
  /**
   * The resolvers' context for one call. Without it no resolver is called, and every value without an entry in
   * `answers` is made up.
   */
  readonly context?: ((viewer: Viewer) => object) | undefined;
  readonly answers?: Answers | undefined;
}

/** The input of a call of the subgraph. */
export interface CallContext {
  readonly viewer: Viewer;
  readonly given: object;
}

/** The subgraph's schema with its own resolvers, its answers, and made-up values for everything else. */
export function subgraphSchema(name: string, source: SubgraphSource): GraphQLSchema {
  const { answers = {} } = source;
  const schema = buildSubgraphSchema([{ typeDefs: parse(source.typeDefs), resolvers: source.resolvers }]);
  const isMocked = source.context === undefined;
  const unused = new Set(Object.keys(answers));

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    wrapReference(type, answers, isMocked);
    unused.delete(`${type.name}.__resolveReference`);
    for (const field of Object.values(type.getFields()).filter((one) => !one.name.startsWith('_'))) {
      unused.delete(`${type.name}.${field.name}`);
      const answer = answers[`${type.name}.${field.name}`];
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (parent, args, context: CallContext, info) => {
        if (answer !== undefined) return answer(args, { viewer: context.viewer, parent });
        const isMadeUp = parent?.[madeUp] === true || (isMocked && parent === undefined);
        if (isMadeUp) return parent?.[field.name] ?? mockValue(field.type, field.name, schema);
        return resolve(parent, args, context.given, info) as unknown;
      };
    }
  }
  if (unused.size > 0) throw new Error(`The subgraph ${name} has no ${[...unused].join(', ')} to answer for.`);
  return schema;
}

interface EntityExtensions {
  readonly apollo?: {
    readonly subgraph?: { readonly resolveReference?: (reference: object, context: object, info: unknown) => unknown };
  };
}

function wrapReference(type: GraphQLObjectType, answers: Answers, isMocked: boolean): void {
  const { apollo } = type.extensions as EntityExtensions;
  const answer = answers[`${type.name}.__resolveReference`];
  const resolve = apollo?.subgraph?.resolveReference;
  const resolveReference = (reference: object, context: CallContext, info: unknown): unknown => {
    if (answer !== undefined) return answer(reference, { viewer: context.viewer, parent: undefined });
    if (isMocked) return { ...reference, [madeUp]: true };
    return resolve === undefined ? reference : resolve(reference, context.given, info);
  };
  type.extensions = { ...type.extensions, apollo: { ...apollo, subgraph: { ...apollo?.subgraph, resolveReference } } };
}

/** A context that names missing members: a resolver that reads one fails with a sentence instead of a TypeError. */
export function contextOf(name: string, source: SubgraphSource, viewer: Viewer): CallContext {
  const given = source.context?.(viewer) ?? {};
  return {
    viewer,
    given: new Proxy({ viewer, ...given } as Record<string | symbol, unknown>, {
      get(target, key) {
        if (key in target || typeof key === 'symbol') return target[key];
        throw new Error(
          `The context that the test gives the subgraph ${name} has no "${key}". Give it, or an answer for the field.`,
        );
      },
    }),
  };
}
