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

/** Set by `npm run test:long`. */
export const LONG_RUN_VARIABLE = 'SHOP_TEST_LONG';

/** Picks the size of a test that has a short form for `npm test` and a long form for `npm run test:long`. */
export function chooseSize({ short, long }: { readonly short: number; readonly long: number }): number {
  return process.env[LONG_RUN_VARIABLE] === '1' ? long : short;
}
