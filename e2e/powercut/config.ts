/** Makes every stack of this process start the given nats-server. */
export function useNatsServer(path: string): void {
  process.env['NATS_SERVER_BIN'] = path;
}
