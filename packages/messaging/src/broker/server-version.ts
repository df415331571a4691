import type { NatsConnection } from 'nats';

/** Whether the server knows filters with several subjects and compressed streams. */
export function isNats210OrNewer(nats: Pick<NatsConnection, 'info'>): boolean {
  const [major = 0, minor = 0] = (nats.info?.version ?? '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}
