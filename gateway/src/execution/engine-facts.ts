import type { SupergraphFacts } from '@shop/engine';
import { isAbstractType, isEnumType, type GraphQLSchema } from 'graphql';
import { readFieldNames, type Supergraph } from '../supergraph/index.ts';

/** The facts of the supergraph for the engine. */
export function createEngineFacts(supergraph: Supergraph, schema: GraphQLSchema): SupergraphFacts {
  const keys = new Map<string, ReadonlySet<string>>();

  function listKeyFields(service: string, type: string): ReadonlySet<string> {
    const coordinate = `${service} ${type}`;
    let fields = keys.get(coordinate);
    if (fields === undefined) {
      const joins = supergraph.types.get(type)?.joins ?? [];
      const texts = joins.flatMap(({ subgraph, key }) => (subgraph === service && key !== undefined ? [key] : []));
      keys.set(coordinate, (fields = new Set(texts.flatMap(readFieldNames))));
    }
    return fields;
  }

  return {
    schema,
    isMatchedBy: (type, condition) => supergraph.isMatchedBy(type, condition),
    isAbstract: (type) => supergraph.isAbstract(type),
    isNarrowed: (name) => {
      const [all, seen] = [supergraph.types.get(name), schema.getType(name)];
      if (all === undefined || seen === undefined) return true;
      if (isEnumType(seen)) return seen.getValues().length < all.values.size;
      const isSeen = (subtype: string): boolean => schema.getType(subtype) !== undefined;
      return isAbstractType(seen) && ![...all.subtypes].every(isSeen);
    },
    isKeyField: (service, type, field) => listKeyFields(service, type).has(field),
  };
}
