import type { SupergraphFacts } from '../facts.ts';
import { isObject, readerOf, type Data } from '../objects.ts';
import type { FetchNode, RequiredSelection, Rewrite } from '../plan/plan.ts';

/** Reports an object that lacks a field which its representation needs. */
export type ReportLack = (object: Data) => void;

/**
 * Writes the representation of an entity as JSON, or returns undefined when there is none: the entity is of another type, or lacks what
 * the subgraph needs.
 *
 * A field of a key is always needed. Any other field may be missing because its selection has a condition that does not hold: then it is
 * left out. It is needed where an earlier call failed.
 *
 * @param isFailed true for an object for which an earlier call failed
 */
export type WriteRepresentation = (
  entity: Data,
  isFailed: (object: Data) => boolean,
  reportLack: ReportLack,
) => string | undefined;

interface Member {
  readonly text: string;
  readonly read: (object: Data) => unknown;
  readonly constant: string | undefined;
  readonly isDemanded: boolean;
  readonly below: ObjectWriter | undefined;
}

type ObjectWriter = WriteRepresentation;

interface Context {
  readonly facts: SupergraphFacts;
  readonly service: string;
}

export function createRepresentationWriter(
  { service, requires = [], inputRewrites }: FetchNode,
  facts: SupergraphFacts,
): WriteRepresentation {
  return createObjectWriter(requires, inputRewrites, 'by key', { facts, service });
}

/** @param demand which fields are always needed: those of keys, or all, below a field of a key */
function createObjectWriter(
  selections: readonly RequiredSelection[],
  rewrites: readonly Rewrite[],
  demand: 'by key' | 'all' | 'none',
  context: Context,
): ObjectWriter {
  const byType = new Map<string, readonly Member[]>();
  const isEntity = demand === 'by key';

  return (object, isFailed, reportLack) => {
    const { __typename: name } = object;
    const type = typeof name === 'string' ? name : '';
    let members = byType.get(type);
    if (members === undefined)
      byType.set(type, (members = compileMembers(type, selections, rewrites, demand, context)));
    if (isEntity && (type === '' || members.length === 0)) return undefined;
    let text = '';
    for (const { text: start, read, constant, isDemanded, below } of members) {
      const value = read(object);
      if (value === undefined) {
        if (!isDemanded && !isFailed(object)) continue;
        reportLack(object);
        return undefined;
      }
      const written = constant ?? writeValue(value, below, isFailed, reportLack);
      if (written === undefined) return undefined;
      text += text === '' ? start + written : `,${start}${written}`;
    }
    return `{${text}}`;
  };
}

function writeValue(
  value: unknown,
  below: ObjectWriter | undefined,
  isFailed: (object: Data) => boolean,
  reportLack: ReportLack,
): string | undefined {
  if (below === undefined || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    const items: string[] = [];
    for (const item of value) {
      const written = writeValue(item, below, isFailed, reportLack);
      if (written === undefined) return undefined;
      items.push(written);
    }
    return `[${items.join(',')}]`;
  }
  return isObject(value) ? below(value, isFailed, reportLack) : JSON.stringify(value);
}

interface Collected {
  readonly source: string;
  readonly selections: RequiredSelection[] | undefined;
}

function compileMembers(
  type: string,
  selections: readonly RequiredSelection[],
  rewrites: readonly Rewrite[],
  demand: 'by key' | 'all' | 'none',
  context: Context,
): readonly Member[] {
  const { facts, service } = context;
  const collected = new Map<string, Collected>();
  const collect = (from: readonly RequiredSelection[]): void => {
    for (const selection of from) {
      if (selection.kind === 'fragment') {
        const { typeCondition } = selection;
        if (typeCondition === undefined || (type !== '' && facts.isMatchedBy(type, typeCondition)))
          collect(selection.selections);
        continue;
      }
      const { name, source } = selection;
      const known = collected.get(name);
      if (known === undefined)
        collected.set(name, { source, selections: selection.selections && [...selection.selections] });
      else known.selections?.push(...(selection.selections ?? []));
    }
  };
  collect(selections);

  const here = rewrites.flatMap((rewrite) => enter(rewrite, type, facts));
  return [...collected].map(([name, { source, selections: below }]) => {
    const own = here.filter(({ path: [step] }) => step !== undefined && 'field' in step && step.field === name);
    const set = own.find(({ path, kind }) => path.length === 1 && kind === 'set');
    const rename = own.find(({ path, kind }) => path.length === 1 && kind === 'rename');
    const inner = own.flatMap((rewrite) =>
      rewrite.path.length === 1 ? [] : [{ ...rewrite, path: rewrite.path.slice(1) }],
    );
    const isDemanded =
      demand === 'all' ||
      (demand === 'by key' && (name === '__typename' || context.facts.isKeyField(service, type, name)));
    return {
      text: `${JSON.stringify(rename?.kind === 'rename' ? rename.name : name)}:`,
      read: readerOf(source),
      constant: set?.kind === 'set' ? JSON.stringify(set.value) : undefined,
      isDemanded,
      below: below && createObjectWriter(below, inner, isDemanded ? 'all' : 'none', context),
    };
  });
}

/** The rewrite below the conditions on the type of this object; empty when they do not hold. */
function enter(rewrite: Rewrite, type: string, facts: SupergraphFacts): Rewrite[] {
  const [step, ...rest] = rewrite.path;
  if (step === undefined || 'field' in step) return [rewrite];
  if (type !== '' && !facts.isMatchedBy(type, step.type)) return [];
  return enter({ ...rewrite, path: rest }, type, facts);
}
