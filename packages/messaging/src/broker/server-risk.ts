/**
 * Returns why a version of nats-server is not recommended, as the end of a sentence that begins with its name, or
 * `undefined` when nothing is known against it. Events survive all of this: it costs time.
 *
 * @param version For example `2.10.27`.
 */
export function findServerRisk(version: string): string | undefined {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major > 2) return undefined;
  if (major < 2 || minor < 9)
    return 'is older than 2.9: the permissions of the services are made for 2.9 and later. Use 2.10.23 or newer';
  if (minor < 10)
    return 'flushes its streams every two minutes, so a power cut costs more of them than with 2.10. Use 2.10.23 or newer';
  // nats-server issue 6888.
  if (minor === 10 && patch >= 20 && patch <= 22)
    return 'can lose a whole stream when it is killed. Use 2.10.23 or newer';
  return undefined;
}
