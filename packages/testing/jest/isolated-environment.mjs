// @ts-check
// The environment of test files that get a realm and modules of their own: see docs/decisions/042-tests-share-their-modules.md.
import { TestEnvironment } from 'jest-environment-node';
import { RequestRecorder } from './describe-requests.mjs';

export default class extends TestEnvironment {
  #requests = new RequestRecorder();

  /**
   * @param {ConstructorParameters<typeof TestEnvironment>[0]} config
   * @param {ConstructorParameters<typeof TestEnvironment>[1]} context
   */
  constructor(config, context) {
    super(config, context);
    this.global.fetch = this.#requests.wrap(this.global.fetch);
  }

  /** @param {{ name: string, error?: unknown }} event */
  async handleTestEvent(event) {
    this.#requests.handleTestEvent(event);
  }
}
