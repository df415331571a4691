import { readArguments, type Link } from '@shop/access';
import { Kind, type ConstDirectiveNode, type FieldDefinitionNode, type TypeDefinitionNode } from 'graphql';
import type { FieldJoin, SubgraphFacts, TypeJoin } from './model.ts';

interface JoinReader {
  readonly subgraphs: ReadonlyMap<string, SubgraphFacts>;
  readType(node: TypeDefinitionNode): readonly TypeJoin[];
  readField(node: FieldDefinitionNode): readonly FieldJoin[];
  /** The names of the subgraphs that resolve a field. */
  findOwners(field: readonly FieldJoin[], type: readonly TypeJoin[]): readonly string[];
}

/** Reads the `@join__…` directives, in which composition records the subgraphs of each type and field. */
export function createJoinReader(definitions: readonly TypeDefinitionNode[], links: readonly Link[]): JoinReader {
  const link = links.find(({ specification }) => specification === 'join');
  const list = (name: string, directives: readonly ConstDirectiveNode[] = []) =>
    link === undefined ? [] : directives.filter((node) => node.name.value === link.getDirectiveName(name));

  /** By the value of the enum `join__Graph`. */
  const graphs = new Map<string, SubgraphFacts>();
  for (const value of definitions.flatMap((node) =>
    node.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []) : [],
  )) {
    for (const node of list('graph', value.directives)) {
      const { name = '', url = '' } = readArguments<SubgraphFacts>(node);
      graphs.set(value.name.value, { name, url });
    }
  }
  const getName = (graph: string): string => graphs.get(graph)?.name ?? graph;

  return {
    subgraphs: new Map([...graphs.values()].map((facts) => [facts.name, facts])),
    readType: ({ directives }) =>
      list('type', directives).map((node) => {
        const { graph = '', key, resolvable = true, isInterfaceObject = false } = readArguments<TypeArguments>(node);
        return { subgraph: getName(graph), key, isResolvable: resolvable, isInterfaceObject };
      }),
    readField: ({ directives }) =>
      list('field', directives).map((node) => {
        const { graph, requires, provides, type, external, usedOverridden } = readArguments<FieldArguments>(node);
        return {
          subgraph: graph === undefined ? undefined : getName(graph),
          requires,
          provides,
          type,
          isExternal: external === true,
          isOverridden: usedOverridden === true,
        };
      }),
    findOwners(field, type) {
      const resolving = field.length === 0 ? type : field.filter((join) => !join.isExternal && !join.isOverridden);
      return [...new Set(resolving.flatMap(({ subgraph }) => subgraph ?? []))];
    },
  };
}

interface TypeArguments {
  readonly graph: string;
  readonly key: string;
  readonly resolvable: boolean;
  readonly isInterfaceObject: boolean;
}

interface FieldArguments {
  readonly graph: string;
  readonly requires: string;
  readonly provides: string;
  readonly type: string;
  readonly external: boolean;
  readonly usedOverridden: boolean;
}
