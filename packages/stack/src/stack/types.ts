import type { RestartPauses, Supervised } from '../process/supervise.ts';
import type { Report } from '@shop/process';
import type { Secrets } from './secrets.ts';

/** The subgraphs; each has a database of its own. */
export const SUBGRAPHS = ['user', 'product', 'order'] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

/** Everything that answers HTTP. */
export const SERVICES = ['user', 'product', 'order', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** A TCP port each. 0 takes one that is free. */
export type StackPorts = Readonly<Record<ServiceName | 'postgres' | 'nats', number>>;

/** Options of `startStack`. */
export interface StackOptions {
  /** The project's root, with `dist` and `prisma`. Default: the current directory. */
  readonly root?: string;
  /** Where databases, streams, secrets and logs are kept. */
  readonly dataDir: string;
  /** Default: free ones. */
  readonly ports?: Partial<StackPorts>;
  /** Listen address of the services. Default `127.0.0.1`. */
  readonly host?: string;
  /** Databases of yours; no PostgreSQL is started when all three are given. */
  readonly databaseUrls?: Partial<Record<SubgraphName, string>>;
  /** A broker of yours; then none is started. */
  readonly natsUrl?: string | undefined;
  /** `demo` (default) fills empty databases with the demo's data; `none` makes the administrator only. */
  readonly seed?: 'demo' | 'none';
  readonly adminEmail?: string;
  /** Default: generated on first start. */
  readonly adminPassword?: string | undefined;
  /** Password of the demo's staff and customer. Default: generated on first start. */
  readonly demoPassword?: string | undefined;
  /** Passed on to every service, for example NODE_ENV and LOG_LEVEL. Default: empty. */
  readonly env?: NodeJS.ProcessEnv;
  /** What the person at the terminal should see. Default: nothing. */
  readonly report?: Report;
  /** How soon what dies is started again. Default: after 0.5 s, and up to 30 s where it dies again and again. */
  readonly restarts?: RestartPauses;
  /** Ends a start that is under way; what has been started is stopped. */
  readonly signal?: AbortSignal;
}

/** One of the services, as a test handles it. */
export interface StackService extends Supervised {
  /** Base URL, without a path. */
  readonly url: string;
  /** Waits until `/health/ready` answers 200. Rejects after `timeoutMs`, by default 30000. */
  untilReady(timeoutMs?: number): Promise<void>;
}

/** The running system. */
export interface Stack {
  readonly ports: StackPorts;
  /** The GraphQL endpoint. */
  readonly graphqlUrl: string;
  readonly dataDir: string;
  readonly secrets: Secrets;
  readonly admin: { readonly email: string; readonly password: string };
  service(name: ServiceName): StackService;
  /** The embedded servers; `null` where servers of yours are used. */
  readonly nats: Supervised | null;
  readonly postgres: Supervised | null;
  databaseUrl(name: SubgraphName): string;
  /** The broker's URL with the credentials of a service, or of `ops`, who may do everything. */
  natsUrl(user: string): string;
  /** Stops the gateway, then the subgraphs, NATS and PostgreSQL. */
  stop(): Promise<void>;
}
