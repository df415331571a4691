import { isObject, readerOf, type Data, type Path } from '../objects.ts';
import { everyItem, type PathStep } from '../plan/plan.ts';

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

export function createOwnerFinder(path: readonly PathStep[]): OwnerFinder {
  const readers = path.map((step) => (step === everyItem ? undefined : readerOf(step)));

  function collect(start: unknown, from: number, found: Data[]): void {
    let value = start;
    for (let index = from; index < readers.length; index += 1) {
      if (typeof value !== 'object' || value === null) return;
      const read = readers[index];
      if (read === undefined) {
        if (Array.isArray(value)) for (const item of value) collect(item, index + 1, found);
        return;
      }
      if (Array.isArray(value)) return;
      value = read(value as Data);
    }
    if (isObject(value)) found.push(value);
  }

  function locate(value: unknown, from: number, place: Path, found: PlacedOwner[]): void {
    const step = path[from];
    if (step === undefined) {
      if (isObject(value)) found.push({ object: value, path: place });
    } else if (step === everyItem) {
      if (Array.isArray(value))
        for (const [index, item] of value.entries()) locate(item, from + 1, [...place, index], found);
    } else if (isObject(value)) {
      locate(readers[from]?.(value), from + 1, [...place, step], found);
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
