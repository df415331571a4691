import { type ASTNode, type DefinitionNode, type DocumentNode, Kind, type TypeNode } from 'graphql';
import type { Complaint, RuleOptions } from './complaint.ts';
import { isSelfExplanatory } from './names.ts';
import { readTypeName } from './types.ts';

const roots = ['Query', 'Mutation', 'Subscription'];
const connectionFields = ['edges', 'nodes', 'node', 'cursor', 'pageInfo'];

/** A field, an input field, or a value of an enum. */
type Member = ASTNode & {
  readonly name: { readonly value: string };
  readonly description?: unknown;
  readonly type?: TypeNode;
};

/**
 * Requires a description of every type, field, input field and value. It is not required where it would only repeat: for a
 * self-explanatory name, a member that an interface describes, Relay's connections, and the input, result and success of a mutation.
 */
export function* described(document: DocumentNode, { foreign = [] }: RuleOptions): Generator<Complaint> {
  const interfaceFields = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? [[node.name.value, (node.fields ?? []).map((field) => field.name.value)] as const]
        : [],
    ),
  );
  const mutations = document.definitions
    .filter((node) => 'name' in node && node.name?.value === 'Mutation')
    .flatMap((node) => readMembers(node).map((member) => member.name.value.toLowerCase()));
  const isPartOfMutation = (name: string) =>
    mutations.some((mutation) => ['input', 'result', 'success'].some((end) => name.toLowerCase() === mutation + end));

  for (const type of document.definitions) {
    if (!('name' in type) || type.name === undefined || type.kind === Kind.DIRECTIVE_DEFINITION) continue;
    const name = type.name.value;
    const isExempt = roots.includes(name) || name.endsWith('Edge') || isPartOfMutation(name) || foreign.includes(name);
    if (!('description' in type && type.description) && !isExempt) yield describeMissing(type, name);

    const inherited = ('interfaces' in type ? (type.interfaces ?? []) : []).flatMap(
      (shared) => interfaceFields.get(shared.name.value) ?? [],
    );
    for (const member of readMembers(type)) {
      const memberName = member.name.value;
      if (member.description || inherited.includes(memberName)) continue;
      const isRelay = /(Connection|Edge)$/.test(name) && connectionFields.includes(memberName);
      const isPlain =
        member.type !== undefined && !roots.includes(name) && isSelfExplanatory(memberName, readTypeName(member.type));
      if (!isRelay && !isPlain) yield describeMissing(member, `${name}.${memberName}`);
    }
  }
}

function readMembers(node: DefinitionNode): readonly Member[] {
  if ('fields' in node) return node.fields ?? [];
  return 'values' in node ? (node.values ?? []) : [];
}

const describeMissing = (node: ASTNode, name: string): Complaint => ({
  node,
  message: `${name} has no description. Clients read it in the schema: add one.`,
});
