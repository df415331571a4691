import { revokedSessionsWatch, sessionsRevoked, topology } from '@shop/contracts';
import { connectBroker, watchEvents, type Broker, type Watch } from '@shop/messaging';
import type { Logger } from '@shop/process';
import { revocationLifetimeMs, type RevokedSessions } from './revoked-sessions.ts';

/** A gateway that starts waits this long for the revocations of the last minutes. Then it serves with those that it has. */
const firstReadMs = 2_000;

/** Connects to the broker as the gateway. */
export function connectAsGateway(natsUrl: string, logger: Logger): Promise<Broker> {
  return connectBroker({ url: natsUrl, service: revokedSessionsWatch.watcher, topology, logger });
}

/**
 * Fills the list of revoked sessions from the events of the broker. Each replica reads them for itself. It returns when the list is
 * complete, or after two seconds: without a broker the gateway keeps serving, with the list that it has.
 */
export async function followRevokedSessions(options: {
  broker: Broker;
  revokedSessions: RevokedSessions;
  logger: Logger;
}): Promise<Pick<Watch, 'stop'>> {
  const { broker, revokedSessions, logger } = options;
  const watch = watchEvents({
    broker,
    watch: revokedSessionsWatch,
    event: sessionsRevoked,
    sinceMs: revocationLifetimeMs,
    handle: ({ data, time }) => revokedSessions.add(data.sessionIds, time),
    logger,
  });
  revokedSessions.setCurrent(() => watch.isCurrent());
  if (!(await watch.whenCurrent(AbortSignal.timeout(firstReadMs))))
    logger.warn('the revoked sessions are not known yet: access tokens of revoked sessions may be accepted until then');
  return watch;
}
