// @ts-check
// `@jest/globals` for test files that share a realm: the functions of the file that runs.

/** @type {typeof import('@jest/globals').jest} */
export const jest = /** @type {any} */ (
  new Proxy({}, { get: (_target, name) => Reflect.get(globalThis, Symbol.for('jest-globals')).jest[name] })
);
