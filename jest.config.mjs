// Test files of a worker share their modules. Coverage is counted by Jest's own loader, and a watch must see changed modules.
const isIsolated = process.argv.some((arg) => arg.startsWith('--coverage') || arg.startsWith('--watch'));

/** One Jest project a tier; a test's tier is its suffix: `x.unit.test.ts`, `x.component.test.ts`, … */
const tier = (name, extra = {}) => ({
  displayName: name,
  ...(isIsolated
    ? { testEnvironment: '<rootDir>/packages/testing/jest/isolated-environment.mjs' }
    : {
        testEnvironment: '<rootDir>/packages/testing/jest/shared-environment.mjs',
        runtime: '<rootDir>/packages/testing/jest/shared-runtime.cjs',
      }),
  // Of our own packages the sources are tested, also of one that is published as something else.
  testEnvironmentOptions: { customExportConditions: ['@shop/source', 'node', 'node-addons'] },
  testMatch: [`<rootDir>/{gateway,subgraphs,clients,cli,packages,e2e,scripts}/**/*.${name}.test.ts`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.data/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  coveragePathIgnorePatterns: ['/node_modules/', '/generated/', '/test/', '/dist/', '/schema-types\\.ts$'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  ...extra,
});

export default {
  projects: [tier('unit'), tier('component'), tier('composition'), tier('e2e')],
  // A start of the system takes a minute on a machine with twenty other programs at work. A run that hangs ends after ten.
  testTimeout: 180_000,
  // Modules stay loaded, and with them what they remember of a test file. A worker that has more than this is replaced.
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/packages/testing/jest/sequencer.mjs',
  // The second one tells `npm test` how far Jest is, so that it can end a run that hangs.
  reporters: ['default', '<rootDir>/packages/testing/jest/progress-reporter.mjs'],
  coverageProvider: 'v8',
  coverageReporters: ['text', 'text-summary', 'lcov'],
  // One PostgreSQL server for the component tests of a run; it starts when the first of them asks for a database.
  globalSetup: '<rootDir>/packages/testing/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testing/jest/global-teardown.mjs',
};
