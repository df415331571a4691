// @ts-check
// Stops what global-setup.mjs started.
export default async function stopServers() {
  await Reflect.get(globalThis, '__sharedServers')?.stop();
}
