// @ts-check
// Loads test files with Node's own module loader, so that the files of a worker share the modules they import. Jest loads all of them
// again for each test file, which took a third of the time of the component tests.
// See docs/decisions/042-tests-share-their-modules.md.
const { register } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { default: Runtime } = require('jest-runtime');

/** Keeps the state of Jest's test runner of a file; each version of the module has a symbol of its own. */
const STATE = 'JEST_STATE_SYMBOL';

let areHooksRegistered = false;

module.exports = class SharedRuntime extends Runtime {
  #testPath;

  /** @param {ConstructorParameters<typeof Runtime>} args */
  constructor(...args) {
    const { getBuiltinModule } = process;
    super(...args);
    // Jest's own one returns copies that belong to a realm.
    if (getBuiltinModule !== undefined) process.getBuiltinModule = getBuiltinModule;
    this.#testPath = args[6];
    if (areHooksRegistered) return;
    areHooksRegistered = true;
    const cache = path.join(args[0].rootDir, 'node_modules/.cache/test-modules');
    register('./module-hooks.mjs', pathToFileURL(__filename), { data: { cache } });
  }

  /** @override */
  unstable_shouldLoadAsEsm() {
    return true;
  }

  /**
   * @override
   * @param {string} file
   */
  async unstable_importModule(file) {
    Reflect.set(globalThis, Symbol.for('jest-globals'), this.requireModuleOrMock(this.#testPath, '@jest/globals'));
    return import(pathToFileURL(file).href);
  }

  /**
   * Jest asks for its test runner. It gets a new one, since the runner keeps the tests of a file.
   *
   * @override
   * @param {string} file
   */
  requireInternalModule(file) {
    for (const symbol of Object.getOwnPropertySymbols(globalThis))
      if (symbol.description === STATE) Reflect.deleteProperty(globalThis, symbol);
    delete require.cache[file];
    // It lists the former ones, which keep the tests of their files in memory.
    Object.assign(module, { children: [] });
    return require(file);
  }
};
