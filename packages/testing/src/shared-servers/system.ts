import path from 'node:path';
import type { ServiceName } from '@shop/contracts';
import { processNames, type ProcessName } from '@shop/stack';
import { databaseUrlsOf, startTestStack, type TestStack } from '../test-stack.ts';

/** A running system, as test files that share it see it: they may use it, and not stop or change its processes. */
export interface SharedSystem {
  readonly graphqlUrl: string;
  /** Base URLs, without a path. */
  readonly urls: Readonly<Record<ProcessName, string>>;
  /** Where the metrics of each process are. */
  readonly metricsUrls: Readonly<Record<ProcessName, string>>;
  /** The directory with the log of each process. */
  readonly logDir: string;
  /** The page and the API of the mailbox. */
  readonly mailboxUrl: string;
  /** A test may make the time of its own rows pass there. */
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  readonly admin: TestStack['stack']['admin'];
  /** The broker's URL with the credentials of the gateway. */
  readonly gatewayNatsUrl: string;
  readonly internalTokenKey: TestStack['stack']['secrets']['internalTokenKey'];
}

/** The system that the test files of a run share. It starts, with the demo data, when the first of them asks for it. */
export interface SystemHost {
  get(): Promise<SharedSystem>;
  stop(): Promise<void>;
}

/** Requests that wait because the machine is busy must not be refused as too many. */
const env = { MIN_IN_FLIGHT: '1000' };

export function createSystemHost({ root }: { root: string }): SystemHost {
  let started: Promise<TestStack> | undefined;
  return {
    async get() {
      started ??= startTestStack({ root, seed: 'demo', env });
      const { stack } = await started;
      return {
        graphqlUrl: stack.graphqlUrl,
        urls: Object.fromEntries(processNames.map((name) => [name, stack.service(name).url])) as SharedSystem['urls'],
        metricsUrls: Object.fromEntries(
          processNames.map((name) => [name, stack.service(name).metricsUrl]),
        ) as SharedSystem['metricsUrls'],
        logDir: path.join(stack.dataDir, 'logs'),
        mailboxUrl: stack.mailbox?.url ?? '',
        databaseUrls: databaseUrlsOf(stack),
        admin: stack.admin,
        gatewayNatsUrl: stack.natsUrl('gateway'),
        internalTokenKey: stack.secrets.internalTokenKey,
      };
    },
    stop: async () => {
      const running = await started?.catch(() => undefined);
      await running?.stop();
    },
  };
}
