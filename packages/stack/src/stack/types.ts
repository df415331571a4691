import { type ServiceName, serviceNames } from '@shop/contracts';
import type { Report } from '@shop/process';
import type { RestartPauses, Supervised } from '../process/supervise.ts';
import type { Secrets } from './secrets.ts';

/** A process that answers HTTP: a subgraph or the gateway. */
export type ProcessName = ServiceName | 'gateway';

/** All processes that answer HTTP. */
export const processNames: readonly ProcessName[] = [...serviceNames, 'gateway'];

/** The ports of the embedded servers. `mailbox` is its page. */
export type ServerName = 'postgres' | 'nats' | 'mailbox' | 'mailbox_smtp';

/**
 * A TCP port for each process and server. 0 means a free one. `metrics` is the first port of the metrics: that of the gateway. The
 * services have the following ones, in the order of their table.
 */
export type StackPorts = Readonly<Record<ProcessName | ServerName | 'metrics', number>>;

/** Options of `startStack`. */
export interface StackOptions {
  /** The project's root, with `dist` and `prisma`. Default: the current directory. */
  readonly root?: string;
  /** Directory of the databases, streams, secrets and logs. */
  readonly dataDir: string;
  /** Default: free ones. */
  readonly ports?: Partial<StackPorts>;
  /** Listen address of the services. Default `127.0.0.1`. */
  readonly host?: string;
  /** Existing databases. PostgreSQL is started only when one is missing here. */
  readonly databaseUrls?: Partial<Record<ServiceName, string>>;
  /** Past their poolers, for migrations and for what must listen. Default: the databases themselves. */
  readonly databaseDirectUrls?: Partial<Record<ServiceName, string>>;
  /** Their read replicas: URLs separated by commas. Default: none. */
  readonly databaseReadUrls?: Partial<Record<ServiceName, string>>;
  /** A running broker; then none is started. A function returns the URL with the credentials of a service, or of `ops`. */
  readonly natsUrl?: string | ((user: string) => string) | undefined;
  /** A mail server; then no mailbox is started. */
  readonly smtpUrl?: string | undefined;
  /** Where the gateway calls the subgraphs, for example a load balancer. Default: the stack's own processes. */
  readonly subgraphUrls?: Partial<Record<ServiceName, string>>;
  /** `demo` (default) loads the demo data into empty databases; `none` creates only the administrator. */
  readonly seed?: 'demo' | 'none';
  readonly adminEmail?: string;
  /** Default: generated at the first start. */
  readonly adminPassword?: string | undefined;
  /** Password of the demo accounts. Default: generated at the first start. */
  readonly demoPassword?: string | undefined;
  /** Variables for every service, for example NODE_ENV and LOG_LEVEL. Default: none. */
  readonly env?: NodeJS.ProcessEnv;
  /** Receives the lines for the terminal. Default: they are dropped. */
  readonly report?: Report;
  /** True opens the inspector of each service for a debugger, at {@link inspectorPort}. Default: false. */
  readonly inspect?: boolean;
  /** The pauses before a restart. Default: 0.1 s, doubled with each failure up to 5 s, and 0.1 s again after 10 s of life. */
  readonly restarts?: RestartPauses;
  /** Interrupts the start and stops everything that was started. */
  readonly signal?: AbortSignal;
}

/** A process of the stack, as a test controls it. */
export interface StackService extends Supervised {
  /** Base URL, without a path. */
  readonly url: string;
  /** Where its metrics are. The mailbox has none. */
  readonly metricsUrl: string | null;
  /** Waits until `/health/ready` answers 200. Rejects after `timeoutMs`, by default 60000. */
  untilReady(timeoutMs?: number): Promise<void>;
}

/** The embedded mailbox, which accepts every mail of the system and shows it on a page. */
export interface Mailbox extends StackService {
  /** Where the services deliver mail. */
  readonly smtpUrl: string;
}

/** Options of a further replica. */
export interface ReplicaOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** The port of its metrics. Default: a free one. */
  readonly metricsPort?: number;
  /** Variables that it has beside those of the first replica, or instead of them. Default: none. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The running system. */
export interface Stack {
  readonly ports: StackPorts;
  /** The GraphQL endpoint. */
  readonly graphqlUrl: string;
  readonly dataDir: string;
  readonly secrets: Secrets;
  readonly admin: { readonly email: string; readonly password: string };
  /** The first replica of a service. */
  service(name: ProcessName): StackService;
  /**
   * Starts a further replica of a service: `<name>-2` and so on. Nothing calls it, except what knows its URL. It is
   * started again when it dies, and stops with the stack. Returns when it is ready.
   *
   * @throws ExpectedError when it does not start.
   */
  startReplica(name: ProcessName, options?: ReplicaOptions): Promise<StackService>;
  /** All replicas of a service, the first one first. */
  replicas(name: ProcessName): readonly StackService[];
  /** The embedded servers; `null` when a running server is used. */
  readonly nats: Supervised | null;
  readonly postgres: Supervised | null;
  /** The embedded mailbox; `null` when a mail server is used. */
  readonly mailbox: Mailbox | null;
  databaseUrl(name: ServiceName): string;
  /** The broker's URL with the credentials of a service, or of `ops`, which has all rights. */
  natsUrl(user: string): string;
  /** Stops the gateway, then the subgraphs, the mailbox, NATS and PostgreSQL. */
  stop(): Promise<void>;
}
