// @ts-check
// Mixes the tiers: a scenario with a whole system waits for it much of its time, and a unit test uses the processor meanwhile. The
// scenarios are spread over the first part of the run: few systems run at a time, and no worker is left with one of them at the end. Within
// a tier Jest's own order stays (the last durations if it knows them, otherwise the sizes of the files, the largest first), but a file
// whose parts are in a folder of its name comes first: its size says nothing.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @type {{ default: typeof import('@jest/test-sequencer').default }} */
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** The part of the run over which the files of a tier are spread. */
const parts = { e2e: 0.6, component: 0.9, composition: 1, unit: 1 };

export default class extends Sequencer {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   */
  async sort(tests) {
    const sorted = [...(await super.sort(tests))].sort((one, other) => countFolders(other) - countFolders(one));
    return Object.entries(parts)
      .flatMap(([tier, part]) => {
        const files = sorted.filter(({ path }) => path.split('.').at(-3) === tier);
        return files.map((test, index) => ({ test, at: (part * index) / files.length }));
      })
      .sort((one, other) => one.at - other.at)
      .map(({ test }) => test);
  }
}

/** @param {import('@jest/test-result').Test} test */
function countFolders({ path }) {
  return existsSync(path.replace(/\.\w+\.test\.ts$/, '')) ? 1 : 0;
}
