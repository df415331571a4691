// @ts-check
// Tells the program that started Jest how far it is: see src/run-tests/watch-jest.ts.

/** @param {{ state: 'running' | 'done', file: string } | { state: 'finished' }} progress */
const send = (progress) => void process.send?.(progress, () => {}); // nobody listens any more after Ctrl-C

export default class {
  /** @param {{ path: string }} test */
  onTestFileStart({ path }) {
    send({ state: 'running', file: path });
  }

  /** @param {{ path: string }} test */
  onTestCaseResult({ path }) {
    send({ state: 'running', file: path });
  }

  /** @param {{ path: string }} test */
  onTestFileResult({ path }) {
    send({ state: 'done', file: path });
  }

  onRunComplete() {
    send({ state: 'finished' });
  }
}
