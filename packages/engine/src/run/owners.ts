import type { SupergraphFacts } from '../facts.ts';
import { isObject, readerOf, type Data, type Path } from '../objects.ts';
import { everyItem, everyNestedItem, type PathStep, type TypeStep } from '../plan/plan.ts';

/** An object to which a call brings data, and its place. */
export interface PlacedOwner {
  readonly object: Data;
  readonly path: Path;
}

/** Finds the objects at a path of a plan. Null and values of another form have no objects below. */
export interface OwnerFinder {
  find(root: Data): Data[];
  /** The same objects in the same order, with their places. It takes longer, so it is only called for errors. */
  locate(root: Data): PlacedOwner[];
}

export function createOwnerFinder(
  path: readonly PathStep[],
  { isMatchedBy }: Pick<SupergraphFacts, 'isMatchedBy'>,
): OwnerFinder {
  const readers = path.map((step) => (typeof step === 'string' ? readerOf(step) : step));

  function isOfType({ __typename: name }: Data, { types }: TypeStep): boolean {
    return typeof name !== 'string' || types.some((type) => isMatchedBy(name, type));
  }

  function collect(start: unknown, from: number, found: Data[]): void {
    let value = start;
    for (let index = from; index < readers.length; index += 1) {
      if (typeof value !== 'object' || value === null) return;
      const read = readers[index];
      if (read === undefined) return;
      if (read === everyItem) {
        if (Array.isArray(value)) for (const item of value) collect(item, index + 1, found);
        return;
      }
      if (read === everyNestedItem) {
        if (Array.isArray(value))
          for (const item of value) collect(item, Array.isArray(item) ? index : index + 1, found);
        return;
      }
      if (Array.isArray(value)) return;
      if (typeof read === 'function') value = read(value as Data);
      else if (!isOfType(value as Data, read)) return;
    }
    if (isObject(value)) found.push(value);
  }

  function locate(value: unknown, from: number, place: Path, found: PlacedOwner[]): void {
    const step = path[from];
    const read = readers[from];
    if (read === undefined) {
      if (isObject(value)) found.push({ object: value, path: place });
    } else if (read === everyItem) {
      if (Array.isArray(value))
        for (const [index, item] of value.entries()) locate(item, from + 1, [...place, index], found);
    } else if (read === everyNestedItem) {
      if (Array.isArray(value))
        for (const [index, item] of value.entries())
          locate(item, Array.isArray(item) ? from : from + 1, [...place, index], found);
    } else if (isObject(value)) {
      if (typeof read !== 'function') {
        if (isOfType(value, read)) locate(value, from + 1, place, found);
      } else locate(read(value), from + 1, [...place, step as string], found);
    }
  }

  return {
    find(root) {
      if (readers.length === 0) return [root];
      const found: Data[] = [];
      collect(root, 0, found);
      return found;
    },
    locate(root) {
      const found: PlacedOwner[] = [];
      locate(root, 0, [], found);
      return found;
    },
  };
}
