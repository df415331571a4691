import type { EventContract } from './define-event.ts';
import { deadLetteredBy } from './ops.ts';
import { orderCancelled, orderCreated, orderUpdated } from './order.ts';
import { paymentProcessed, paymentRefunded, refundFailed } from './payment.ts';
import {
  categoryCreated,
  categoryDeleted,
  categoryUpdated,
  inventoryRejected,
  inventoryReserved,
  inventoryUpdated,
  productCreated,
  productDeleted,
  productUpdated,
} from './product.ts';
import { findAccounts, findOrder, findProducts, findRecipient, findRecipients, findStaff } from './requests.ts';
import { taskAssigned, taskCreated, taskUpdated } from './task.ts';
import {
  emailChangeRequested,
  emailVerificationRequested,
  passwordResetRequested,
  userCreated,
  userDeleted,
  userUpdated,
} from './user.ts';

/** A request and its answer between two services, over the broker. */
export interface RequestContract {
  readonly subject: string;
  readonly responder: string;
}

/** One subgraph, as every other part of the system knows it. */
export interface ServiceDefinition {
  /** Its HTTP port on one machine, unless `<NAME>_PORT` says otherwise. */
  readonly port: number;
  /** The stream that keeps its events, and the subjects of that stream. */
  readonly publishes: { readonly stream: string; readonly subjects: readonly string[] };
  /** The events that it follows, by the service that publishes them. */
  readonly follows: Readonly<Record<string, readonly EventContract<unknown>[]>>;
  /**
   * The events that tell the gateway what has changed, for subscriptions and its cache. They must not be secret: the gateway may read the
   * whole stream. Default: none.
   */
  readonly watched?: readonly EventContract<unknown>[];
  /** The requests that it sends to other services. */
  readonly asks: readonly RequestContract[];
  /** True when it has a seed: a program `<name>-seed`. */
  readonly hasSeed: boolean;
  /** True for the one service that issues the access tokens. The gateway verifies them. */
  readonly issuesTokens: boolean;
  /** True for a service that sends mail: it gets `SMTP_URL`. Default: false. */
  readonly sendsMail?: boolean;
}

/**
 * The table of subgraphs. Configuration, ports, URLs, databases and their roles, the broker's users and permissions,
 * secrets, migrations, supervision, health, commands and test stacks are derived from it. Lists of subgraphs keep its
 * order.
 */
export const services = {
  user: {
    port: 4001,
    publishes: { stream: 'USER', subjects: ['shop.user.>'] },
    follows: {},
    asks: [],
    hasSeed: true,
    issuesTokens: true,
  },
  product: {
    port: 4002,
    publishes: { stream: 'PRODUCT', subjects: ['shop.product.>', 'shop.category.>', 'shop.inventory.>'] },
    follows: { order: [orderCreated, orderUpdated, orderCancelled] },
    watched: [
      productCreated,
      productUpdated,
      productDeleted,
      categoryCreated,
      categoryUpdated,
      categoryDeleted,
      inventoryUpdated,
    ],
    asks: [],
    hasSeed: true,
    issuesTokens: false,
  },
  order: {
    port: 4003,
    publishes: { stream: 'ORDER', subjects: ['shop.order.>', 'shop.payment.>'] },
    follows: {
      product: [productCreated, productUpdated, productDeleted, inventoryReserved, inventoryRejected],
      user: [userDeleted],
    },
    watched: [orderCreated, orderUpdated, orderCancelled, paymentProcessed, paymentRefunded, refundFailed],
    asks: [findProducts, findAccounts],
    hasSeed: false,
    issuesTokens: false,
  },
  task: {
    port: 4004,
    publishes: { stream: 'TASK', subjects: ['shop.task.>', 'shop.project.>'] },
    follows: { user: [userDeleted], product: [inventoryUpdated], order: [refundFailed] },
    watched: [taskCreated, taskUpdated],
    asks: [findAccounts, findProducts],
    hasSeed: true,
    issuesTokens: false,
  },
  notification: {
    port: 4005,
    publishes: { stream: 'NOTIFICATION', subjects: ['shop.notification.>'] },
    follows: {
      user: [
        userCreated,
        userUpdated,
        userDeleted,
        passwordResetRequested,
        emailChangeRequested,
        emailVerificationRequested,
        deadLetteredBy('user'),
      ],
      product: [inventoryUpdated, deadLetteredBy('product')],
      order: [orderCreated, orderUpdated, orderCancelled, paymentRefunded, deadLetteredBy('order')],
      task: [taskAssigned, deadLetteredBy('task')],
    },
    asks: [findRecipient, findRecipients, findStaff, findProducts, findOrder],
    hasSeed: false,
    issuesTokens: false,
    sendsMail: true,
  },
} as const satisfies Readonly<Record<string, ServiceDefinition>>;

/** The name of a subgraph. */
export type ServiceName = keyof typeof services;

/** All names, in the order of the table. */
export const serviceNames = Object.keys(services) as readonly ServiceName[];

/** The service that issues access tokens. */
export const tokenIssuer = serviceNames.find((name) => services[name].issuesTokens) as ServiceName;
