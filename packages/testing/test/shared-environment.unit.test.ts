import Environment from '../jest/shared-environment.mjs';

test('the end of a test file undoes what the file changed, except for what modules do when the process exits', async () => {
  const [{ fetch }, { exit }] = [globalThis, process];
  const ends = (): void => {};
  const environment = new Environment({ projectConfig: {} as never });
  process.on('exit', ends).on('SIGUSR1', ends);
  Object.assign(process.env, { SHOP_TEST_LEFT: 'over' });
  process.exit = (() => {}) as never;
  await environment.teardown();
  expect(process.listeners('exit')).toContain(ends);
  expect(process.listeners('SIGUSR1')).not.toContain(ends);
  expect(process.env).not.toHaveProperty('SHOP_TEST_LEFT');
  expect({ fetch: globalThis.fetch, exit: process.exit }).toEqual({ fetch, exit });
  process.removeListener('exit', ends);
});
