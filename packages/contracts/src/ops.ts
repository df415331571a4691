import { z } from 'zod';
import { defineEvent } from './define-event.ts';

/** A consumer of a service kept an event as a dead letter: somebody must look at it. It has ids only, as the event's data may be secret. */
export const deadLettered = z.object({
  /** The durable consumer that could not handle the event. */
  consumer: z.string(),
  eventType: z.string(),
  eventId: z.string(),
});
export type DeadLettered = z.infer<typeof deadLettered>;

/** The event by which a service reports its dead letters. Each service has a type of its own, as a stream has one publisher. */
export const deadLetteredBy = (service: string) =>
  defineEvent(`shop.ops.${service}_dead_lettered.v1`, `/${service}`, deadLettered);
