/**
 * The environment variable in which Jest's main process tells its workers the address of {@link startSharedServers}.
 */
export const SHARED_SERVERS_VARIABLE = 'SHOP_TEST_SERVERS';

/**
 * The address of the servers that the test files of this run share.
 *
 * @throws Error outside Jest, since nothing has started them.
 */
export function readSharedServersUrl(): string {
  const url = process.env[SHARED_SERVERS_VARIABLE];
  if (url === undefined)
    throw new Error(
      `${SHARED_SERVERS_VARIABLE} is not set, so there is no shared PostgreSQL. Run the test with the jest.config.mjs of the project.`,
    );
  return url;
}

/** Returns whether this process belongs to a Jest run, which has shared servers. Benchmarks start systems without one. */
export function hasSharedServers(): boolean {
  return process.env[SHARED_SERVERS_VARIABLE] !== undefined;
}

/** Set by `npm run test:long`. */
export const LONG_RUN_VARIABLE = 'SHOP_TEST_LONG';

/** Returns whether this is `npm run test:long`. */
export function isLongRun(): boolean {
  return process.env[LONG_RUN_VARIABLE] === '1';
}

/** Why a test that has no short form is skipped, for the end of its title. Null in `npm run test:long`. */
export function whyNotInShortRun(): string | null {
  return isLongRun() ? null : 'only in npm run test:long';
}

/** Picks the size of a test that has a short form for `npm test` and a long form for `npm run test:long`. */
export function chooseSize({ short, long }: { readonly short: number; readonly long: number }): number {
  return isLongRun() ? long : short;
}

/** Chooses the executor of the gateways that component tests start. Set by `npm test -- --engine=stock`. */
export const ENGINE_VARIABLE = 'SHOP_TEST_ENGINE';

export type TestedEngine = 'own' | 'stock';

/** The executor of the gateways that component tests start. */
export function readTestedEngine(): TestedEngine {
  return process.env[ENGINE_VARIABLE] === 'stock' ? 'stock' : 'own';
}

/** Why a test of the own engine is skipped, for the end of its title. Null when the gateways have it. */
export function whyNotWithStockEngine(): string | null {
  return readTestedEngine() === 'own' ? null : 'it is about the own engine';
}
