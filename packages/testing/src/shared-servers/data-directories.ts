import path from 'node:path';
import { fillDataDir, type StackOptions } from '@shop/stack';
import { temporaryDirectory } from '../temporary-directory.ts';

/** First data of a system. */
export type Seed = NonNullable<StackOptions['seed']>;

/** A data directory that no system uses: a system starts on a copy of it. */
export interface DataDirectory {
  readonly path: string;
}

/** The data directories that a run fills once, so that its systems start without `initdb`, migrations and first data. */
export interface DataDirectories {
  /** Fills the directory at the first request for this seed. */
  get(seed: Seed): Promise<DataDirectory>;
  remove(): Promise<void>;
}

export function createDataDirectories({ root }: { root: string }): DataDirectories {
  const filled = new Map<Seed, Promise<DataDirectory>>();
  const removals: (() => Promise<void>)[] = [];

  async function fill(seed: Seed): Promise<DataDirectory> {
    const directory = await temporaryDirectory();
    removals.push(directory.remove);
    const dataDir = path.join(directory.path, 'data');
    await fillDataDir({ root, dataDir, seed });
    return { path: dataDir };
  }

  return {
    get(seed) {
      const known = filled.get(seed) ?? fill(seed);
      filled.set(seed, known);
      return known;
    },
    async remove() {
      await Promise.allSettled(filled.values());
      await Promise.all(removals.map((remove) => remove()));
    },
  };
}
