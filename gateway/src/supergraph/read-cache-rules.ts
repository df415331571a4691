import { readArguments } from '@shop/access';
import type { ConstDirectiveNode, FieldDefinitionNode, InputValueDefinitionNode, TypeDefinitionNode } from 'graphql';
import { Kind } from 'graphql';
import type { CacheInput, CacheRule } from './model.ts';
import { readTypeName } from './type-nodes.ts';

type DirectiveArguments = Record<'fields' | 'changedBy' | 'subject' | 'share' | 'scopes', unknown>;

interface CacheRuleReader {
  /** Undefined for a field whose values must not be kept. */
  readRule(type: TypeDefinitionNode, field: FieldDefinitionNode): CacheRule | undefined;
  /** The arguments on which the dependences of a field depend. */
  readInputs(field: FieldDefinitionNode): ReadonlyMap<string, CacheInput>;
}

/**
 * Reads `@cached` on types, fields, arguments and members of inputs.
 *
 * @param directive its name in the supergraph; undefined where no subgraph uses it
 * @throws Error for a value of `share` that is unknown: a value that is taken for another would show data to the wrong callers
 */
export function createCacheRuleReader(
  definitions: readonly TypeDefinitionNode[],
  directive: string | undefined,
): CacheRuleReader {
  const find = (directives: readonly ConstDirectiveNode[] | undefined): readonly ConstDirectiveNode[] =>
    directive === undefined ? [] : (directives ?? []).filter(({ name }) => name.value === directive);
  const findInputs = createInputReader(definitions, find);

  return {
    readRule(type, field) {
      const place = `${type.name.value}.${field.name.value}`;
      const own = find(field.directives);
      const rules = (own.length > 0 ? own : find(type.directives).filter((node) => names(node, field))).map((node) =>
        readRule(node, place),
      );
      return rules.length === 0 ? undefined : rules.reduce((first, second) => join(first, second, place));
    },
    readInputs: ({ arguments: args }) => findInputs(args),
  };
}

function names(node: ConstDirectiveNode, field: FieldDefinitionNode): boolean {
  const { fields } = readArguments<DirectiveArguments>(node);
  return String(fields ?? '')
    .split(/\s+/)
    .includes(field.name.value);
}

function readRule(node: ConstDirectiveNode, place: string): CacheRule {
  const { changedBy, subject = '', share = 'public', scopes } = readArguments<DirectiveArguments>(node);
  if (share !== 'public' && share !== 'scopes' && share !== 'viewer')
    throw new Error(`@cached at ${place} has share "${String(share)}". Use public, scopes or viewer.`);
  const text = String(subject);
  const relevant = readTexts(scopes);
  return {
    events: readTexts(changedBy).sort(),
    subject:
      text === ''
        ? undefined
        : text.startsWith('$')
          ? { kind: 'argument', name: text.slice(1) }
          : { kind: 'field', name: text },
    share:
      share === 'viewer'
        ? { isPrivate: true, scopes: 'all' }
        : { isPrivate: false, scopes: share === 'public' ? [] : relevant.length === 0 ? 'all' : relevant },
  };
}

/** Two subgraphs, or one, may have a directive more than once at one place. All of them hold. */
function join(first: CacheRule, second: CacheRule, place: string): CacheRule {
  if (JSON.stringify([first.subject, first.share]) !== JSON.stringify([second.subject, second.share]))
    throw new Error(`@cached is given more than once for ${place}, with another subject or share. Leave one of them.`);
  return { ...first, events: [...new Set([...first.events, ...second.events])].sort() };
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Inputs may contain themselves; those without a declaration at any depth are left out. */
function createInputReader(
  definitions: readonly TypeDefinitionNode[],
  find: (directives: readonly ConstDirectiveNode[] | undefined) => readonly ConstDirectiveNode[],
): (inputs: readonly InputValueDefinitionNode[] | undefined) => ReadonlyMap<string, CacheInput> {
  const byType = new Map<string, Map<string, CacheInput>>();
  const read = (inputs: readonly InputValueDefinitionNode[] = []): [string, CacheInput][] =>
    inputs.map((input) => [
      input.name.value,
      {
        events: find(input.directives).flatMap((node) => readTexts(readArguments<DirectiveArguments>(node).changedBy)),
        hasDefault: input.defaultValue !== undefined,
        members: byType.get(readTypeName(input.type)) ?? new Map<string, CacheInput>(),
      },
    ]);
  const inputTypes = definitions.filter((node) => node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION);
  for (const { name } of inputTypes) byType.set(name.value, new Map());
  for (const { name, fields } of inputTypes)
    for (const [member, input] of read(fields)) byType.get(name.value)?.set(member, input);

  const isIrrelevant = ({ events, members }: CacheInput, seen: Set<unknown> = new Set()): boolean => {
    if (events.length > 0) return false;
    if (seen.has(members)) return true;
    seen.add(members);
    return [...members.values()].every((member) => isIrrelevant(member, seen));
  };
  return (inputs) => new Map(read(inputs).filter(([, input]) => !isIrrelevant(input)));
}
