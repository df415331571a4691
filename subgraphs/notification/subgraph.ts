import { describeService } from '@shop/contracts';
import { openSmtp } from '@shop/mail';
import { defineSubgraph, type SubgraphResources } from '@shop/subgraph';
import { readConfig } from './src/config.ts';
import { createContext } from './src/context.ts';
import { openDatabase, settings, type Database } from './src/db/database.ts';
import { gauges } from './src/db/gauges.ts';
import { countOverdue } from './src/db/overdue.ts';
import { shareStatements } from './src/db/shared-statements.ts';
import { presetRetries } from './src/domain/retry.ts';
import { createQuestions } from './src/events/ask.ts';
import { createHandlers } from './src/events/consume.ts';
import { jobs } from './src/jobs/jobs.ts';
import { resolvers } from './src/resolvers/index.ts';
import { createLoggingSms } from './src/sending/sms-provider.ts';
import type { MessageOutcome } from './src/use-cases/send-due-messages.ts';

type Resources = SubgraphResources<Database, ReturnType<typeof readConfig>>;

function createDependencies({ config: { smtp, ...config }, database, broker, metrics, logger, onStop }: Resources) {
  const outcomes = metrics.counter({
    name: 'shop_message_attempts_total',
    help: 'Attempts to send a message by outcome: sent, suppressed (not wanted), failed, deferred (again later), waiting, lost',
    labels: ['lane', 'channel', 'outcome'],
  });
  // Each lane has connections of its own: an urgent message does not wait for one.
  const mail = {
    urgent: openSmtp(smtp),
    normal: openSmtp(smtp),
  };
  onStop('mail server', async () => void (await Promise.all([mail.urgent.close(), mail.normal.close()])));
  return {
    ...config,
    shared: shareStatements(database.client),
    mail,
    sms: createLoggingSms(logger),
    questions: createQuestions(broker),
    retries: presetRetries,
    recordOutcome: (labels: MessageOutcome) => outcomes.inc({ ...labels }),
  };
}

export const notification = defineSubgraph({
  service: describeService('notification'),
  schema: 'subgraphs/notification/schema.graphql',
  resolvers,
  openDatabase,
  databaseSettings: settings,
  readConfig,
  createDependencies,
  createContext,
  createHandlers,
  // The messages about an order wait for two seconds anyway. Nobody waits for this service, and an order's other events go first.
  gatherEventsMs: 100,
  jobs,
  countOverdue,
  gauges,
});
