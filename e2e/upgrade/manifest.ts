import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OrderStatus, PaymentStatus, Role } from '@shop/client';

/** The subgraphs whose databases an archive has. */
export type Subgraph = 'user' | 'product' | 'order';
export type BySubgraph<Value> = Readonly<Record<Subgraph, Value>>;

/** The expected state after the current code has started a data directory of an earlier release. */
export interface Manifest {
  /** The release that wrote the data directory. */
  readonly release: string;
  /** The commit of that release. */
  readonly commit: string;
  /** The `nats-server` that wrote the streams. */
  readonly natsServer: string;
  /** The time at which the release was stopped, RFC 3339. The data directory has no later events. */
  readonly stoppedAt: string;
  readonly admin: { readonly email: string; readonly password: string };
  readonly accounts: readonly ArchivedAccount[];
  readonly sessions: readonly ArchivedSession[];
  readonly products: readonly ArchivedProduct[];
  readonly orders: readonly ArchivedOrder[];
  /** Ids of events that wait in the outboxes, because the broker was down at the end. */
  readonly unpublished: BySubgraph<readonly string[]>;
  /** Events that the broker has, and that the following service has not handled. */
  readonly unhandled: readonly UnhandledEvent[];
  readonly deadLetters: readonly ArchivedDeadLetter[];
  /** SHA-256 of each file in `secrets/`, in hexadecimal. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The migrations that the release applied, with the checksums that it recorded. */
  readonly migrations: BySubgraph<Readonly<Record<string, string>>>;
  /** The number of rows in each table. */
  readonly rows: BySubgraph<Readonly<Record<string, number>>>;
}

export interface ArchivedAccount {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
  /** `deleted`: the customer deleted it; `inactive`: an administrator does not let it sign in. */
  readonly state: 'open' | 'inactive' | 'deleted';
}

export interface ArchivedSession {
  /** E-mail address of the account. */
  readonly account: string;
  readonly refreshToken: string;
  /** True when the token gets new tokens, once. False when it was used before, or its session was ended. */
  readonly works: boolean;
}

export interface ArchivedProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly price: Price;
  readonly onSale: boolean;
  readonly version: number;
  /** The state once every waiting event is handled. */
  readonly expectedStock: { readonly onHand: number; readonly reserved: number };
}

export interface ArchivedOrder {
  /** The purpose of the order. */
  readonly purpose: string;
  readonly id: string;
  readonly number: string;
  readonly total: Price;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  /** The state in the archive. */
  readonly archived: {
    readonly status: OrderStatus;
    /** E-mail address of the customer; null after the account was deleted. */
    readonly customer: string | null;
    readonly history: readonly { readonly id: string; readonly type: string }[];
    readonly payments: readonly { readonly id: string; readonly status: PaymentStatus }[];
  };
  /** The state once all waiting work is done. */
  readonly expected: {
    readonly status: OrderStatus;
    readonly customer: string | null;
    /** Types of the entries that the history gets. */
    readonly addedHistory: readonly string[];
    /** In the order of the archived payments. */
    readonly payments: readonly PaymentStatus[];
  };
}

export interface Price {
  readonly amount: number;
  readonly currencyCode: string;
}

export interface UnhandledEvent {
  readonly id: string;
  readonly publisher: Subgraph;
  /** Durable name of the consumer, such as `product-from-order`. */
  readonly consumer: string;
}

export interface ArchivedDeadLetter {
  readonly id: string;
  readonly service: Subgraph;
  /** Id of the event. */
  readonly event: string;
  readonly type: string;
  /** The product or the order that its event is about. */
  readonly subject: string;
}

/** The folder of the archives, relative to the project's root. */
export const ARCHIVES = 'e2e/upgrade/archives';

/** The archive of the last release, from which the upgrade test starts. */
export const PREVIOUS_RELEASE = '0.1.0';

/** The archive of a release and its manifest. */
export function archiveFiles(release: string, directory = ARCHIVES): { archive: string; manifest: string } {
  return { archive: path.join(directory, `${release}.tar.br`), manifest: path.join(directory, `${release}.json`) };
}

export async function readManifest(release = PREVIOUS_RELEASE): Promise<Manifest> {
  return JSON.parse(await readFile(archiveFiles(release).manifest, 'utf8')) as Manifest;
}
