import type { ServiceName } from '@shop/contracts';
import type { Report } from '@shop/process';
import type { RestartPauses } from '../process/supervise.ts';
import type { Accounts } from './accounts.ts';
import type { Secrets } from './secrets.ts';
import type { StopOrder } from './stop-order.ts';
import type { StackPorts } from './types.ts';

/** The facts that the environments of the services are made from. */
export interface Surroundings {
  /** The environment of the person who started the stack. */
  readonly inherited: NodeJS.ProcessEnv;
  readonly host: string;
  readonly ports: StackPorts;
  readonly secrets: Secrets;
  readonly seed: 'demo' | 'none';
  readonly accounts: Accounts;
  /** The mail server of the services that send mail. */
  readonly smtpUrl: string;
  /** Where the gateway calls the subgraphs, unless it calls the stack's own. */
  readonly subgraphUrls: Partial<Record<ServiceName, string>>;
  readonly databaseDirectUrls: Partial<Record<ServiceName, string>>;
  readonly databaseReadUrls: Partial<Record<ServiceName, string>>;
  /** The URL of a service's database, for people and tools. */
  databaseUrl(name: ServiceName): string;
  /** The URL of the same database by which the service itself connects. */
  ownDatabaseUrl(name: ServiceName): string;
  natsUrl(user: string): string;
}

/** Everything that is known before the first process starts. */
export interface Prepared extends Surroundings {
  readonly dataDir: string;
  readonly logDir: string;
  /** The servers that this stack starts itself. */
  readonly embedded: { readonly postgres: boolean; readonly nats: boolean; readonly mailbox: boolean };
}

/** The shared requirements of the parts of the stack. */
export interface Assembly {
  readonly root: string;
  readonly prepared: Prepared;
  readonly stopOrder: StopOrder;
  readonly report: Report;
  readonly restarts?: RestartPauses | undefined;
  readonly inspect: boolean;
}

/** Waits for a step and reports one line: its name, its result and its time. `describe` formats the result. */
export async function reportStep<Result>(
  report: Report,
  name: string,
  work: Promise<Result>,
  describe: (result: Result) => string,
): Promise<Result> {
  const start = performance.now();
  const result = await work;
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  report(`${name.padEnd(12)} ${describe(result).padEnd(44)} ${seconds} s`);
  return result;
}
