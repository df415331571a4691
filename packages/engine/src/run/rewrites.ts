import type { SupergraphFacts } from '../facts.ts';
import { isObject, setMember, type Data } from '../objects.ts';
import type { Rewrite } from '../plan/plan.ts';

/** Changes the data of a subgraph in place, as a plan says. The old member of a renamed one stays: the data may be shared. */
export function createRewriter(
  rewrites: readonly Rewrite[],
  { isMatchedBy }: Pick<SupergraphFacts, 'isMatchedBy'>,
): ((data: unknown) => void) | undefined {
  if (rewrites.length === 0) return undefined;

  function apply(value: unknown, rewrite: Rewrite, from: number): void {
    if (Array.isArray(value)) for (const item of value) apply(item, rewrite, from);
    if (!isObject(value)) return;
    const step = rewrite.path[from];
    if (step === undefined) return;
    if ('type' in step) {
      const type = value['__typename'];
      if (type === undefined || isMatchedBy(String(type), step.type)) apply(value, rewrite, from + 1);
    } else if (from < rewrite.path.length - 1) {
      if (Object.hasOwn(value, step.field)) apply(value[step.field], rewrite, from + 1);
    } else {
      change(value, step.field, rewrite);
    }
  }

  return (data) => {
    for (const rewrite of rewrites) apply(data, rewrite, 0);
  };
}

function change(object: Data, field: string, rewrite: Rewrite): void {
  if (rewrite.kind === 'set') setMember(object, field, rewrite.value);
  else if (Object.hasOwn(object, field)) setMember(object, rewrite.name, object[field]);
}

/** The new names of renamed members, by their old ones. */
export function listRenames(rewrites: readonly Rewrite[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const rewrite of rewrites) {
    const last = rewrite.path.at(-1);
    if (rewrite.kind === 'rename' && last !== undefined && 'field' in last) names.set(last.field, rewrite.name);
  }
  return names;
}
