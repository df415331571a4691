// @ts-check
// Runs the longest files first, so that no worker is left with one of them at the end: the tiers from the largest scenarios to the
// smallest, and within a tier by Jest's own order (the last durations if it knows them, otherwise the sizes of the files).
import { createRequire } from 'node:module';

/** @type {{ default: typeof import('@jest/test-sequencer').default }} */
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

const tiers = ['e2e', 'component', 'composition', 'unit'];

export default class extends Sequencer {
  /**
   * @override
   * @param {import('@jest/test-result').Test[]} tests
   */
  async sort(tests) {
    const sorted = [...(await super.sort(tests))];
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

/** @param {import('@jest/test-result').Test} test */
function rank({ path }) {
  return tiers.indexOf(path.split('.').at(-3) ?? '');
}
