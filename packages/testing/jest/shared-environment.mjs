// @ts-check
// The environment of test files that share the realm of their worker, and with it all modules. It undoes what a file changed in it,
// except for new global values: modules that stay loaded keep some there.
import { LegacyFakeTimers, ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { RequestRecorder } from './describe-requests.mjs';

const STACK_FRAMES = 100;
/** Jest keeps them on the global object, and a new file must not see those of the one before. */
const fileSettings = ['TEST_TIMEOUT_SYMBOL', 'RETRY_TIMES', 'EVENT_HANDLERS'].map((name) => Symbol.for(name));

export default class {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  #requests = new RequestRecorder();
  #fetch = globalThis.fetch;
  #exit = process.exit;
  #stackFrames = Error.stackTraceLimit;
  #variables = { ...process.env };
  #listeners = listListeners();

  /** @param {{ projectConfig: import('@jest/types').Config.ProjectConfig }} config */
  constructor({ projectConfig }) {
    for (const name of fileSettings) Reflect.deleteProperty(globalThis, name);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    this.fakeTimers = new LegacyFakeTimers({
      config: projectConfig,
      global: globalThis,
      moduleMocker: this.moduleMocker,
      timerConfig: { idToRef: (id) => ({ id, ref: () => id, unref: () => id }), refToId: (timer) => timer?.id },
    });
    globalThis.fetch = this.#requests.wrap(this.#fetch);
    Error.stackTraceLimit = STACK_FRAMES;
  }

  /** @param {{ name: string, error?: unknown }} event */
  async handleTestEvent(event) {
    this.#requests.handleTestEvent(event);
  }

  async setup() {}

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    globalThis.fetch = this.#fetch;
    process.exit = this.#exit;
    Error.stackTraceLimit = this.#stackFrames;
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    for (const [event, listener] of listListeners())
      if (!this.#listeners.some(([known, its]) => known === event && its === listener))
        process.removeListener(event, listener);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return null;
  }
}

/**
 * Listeners of `exit` are left out: modules that stay loaded add theirs once, such as the one that kills the programs of tests.
 *
 * @returns {[string | symbol, (...args: any[]) => void][]}
 */
function listListeners() {
  return process
    .eventNames()
    .filter((event) => event !== 'exit')
    .flatMap((event) =>
      process
        .rawListeners(/** @type {any} */ (event))
        .map((listener) => /** @type {[string | symbol, (...args: any[]) => void]} */ ([event, listener])),
    );
}
