import type { SupergraphFacts } from '../facts.ts';
import { isObject, setMember, type Data } from '../objects.ts';

/** Adds the members of one object to another. */
export type Merge = (target: Data, source: Data) => void;

/**
 * Merges the answers of subgraphs about one object:
 *
 * - Objects, and lists of equal length, are merged member by member. Of other values the later one is kept: lists of different lengths
 *   have other items at the same positions, and the fields that only the earlier list has are missing.
 * - A later null does not remove a value, since another subgraph has it. An item of a list may be null in one of them.
 * - The name of an interface does not replace the name of an object type. A subgraph with an `@interfaceObject` knows only the former.
 */
export function createMerge({ isAbstract }: Pick<SupergraphFacts, 'isAbstract'>): Merge {
  function combine(present: unknown, added: unknown): unknown {
    if (added === null) return present;
    if (isObject(present) && isObject(added)) {
      if (present !== added) merge(present, added);
      return present;
    }
    if (Array.isArray(present) && Array.isArray(added) && present.length === added.length) {
      if (present !== added)
        for (let index = 0; index < added.length; index += 1) present[index] = combine(present[index], added[index]);
      return present;
    }
    return added;
  }

  function merge(target: Data, source: Data): void {
    for (const name of Object.keys(source)) {
      const added = source[name];
      const present = Object.hasOwn(target, name) ? target[name] : undefined;
      if (present === undefined) setMember(target, name, added);
      else if (name !== '__typename') setMember(target, name, combine(present, added));
      else if (typeof added === 'string' && !isAbstract(added)) target[name] = added;
    }
  }

  return merge;
}
