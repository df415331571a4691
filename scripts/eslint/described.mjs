import { Kind } from 'graphql';
import { saysAll } from './names.mjs';
import { namedTypeOf } from './types.mjs';

const roots = ['Query', 'Mutation', 'Subscription'];
const ofConnections = ['edges', 'nodes', 'node', 'cursor', 'pageInfo'];

/**
 * Every type, field, argument of an input and value has a description. Exceptions would only repeat other text: a name
 * that explains itself, a member that an interface describes, Relay's connections, and the input, result and success of
 * a mutation, which is itself described.
 *
 * @param options.foreign names of entities that are described in the subgraph that owns them
 */
export function* described(document, { foreign = [] }) {
  const { definitions } = document;
  const interfaces = new Map(
    definitions.filter(({ kind }) => kind === Kind.INTERFACE_TYPE_DEFINITION).map((node) => [node.name.value, node]),
  );
  const mutations = definitions
    .filter(({ name }) => name?.value === 'Mutation')
    .flatMap(({ fields = [] }) => fields.map(({ name }) => name.value.toLowerCase()));
  const isOfMutation = (name) =>
    mutations.some((mutation) => ['input', 'result', 'success'].some((end) => name.toLowerCase() === mutation + end));

  for (const type of definitions) {
    if (!type.name || type.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const name = type.name.value;
    if (
      !type.description &&
      !roots.includes(name) &&
      !name.endsWith('Edge') &&
      !isOfMutation(name) &&
      !foreign.includes(name)
    )
      yield missing(type, name);

    const inherited = (type.interfaces ?? [])
      .flatMap((shared) => interfaces.get(shared.name.value)?.fields ?? [])
      .map((field) => field.name.value);
    for (const member of [...(type.fields ?? []), ...(type.values ?? [])]) {
      if (member.description || inherited.includes(member.name.value)) continue;
      const isRelay = /(Connection|Edge)$/.test(name) && ofConnections.includes(member.name.value);
      const isPlain =
        member.type !== undefined && !roots.includes(name) && saysAll(member.name.value, namedTypeOf(member.type));
      if (!isRelay && !isPlain) yield missing(member, `${name}.${member.name.value}`);
    }
  }
}

const missing = (node, name) => ({
  node,
  message: `${name} has no description. It stands in the schema that clients read.`,
});
