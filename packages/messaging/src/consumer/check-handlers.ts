import type { ConsumerDefinition } from '../topology.ts';
import { durableName } from '../topology.ts';
import type { EventHandler } from './handlers.ts';
import { matchesSubject } from './subject.ts';

/** Every subject without a wildcard has one handler, and every handler can get something. @throws TypeError */
export function checkHandlers<Tx>(consumer: ConsumerDefinition, handlers: readonly EventHandler<Tx>[]): void {
  const name = durableName(consumer);
  const types = handlers.map((handler) => handler.type);
  const twice = types.find((type, index) => types.indexOf(type) !== index);
  if (twice) throw new TypeError(`${name} has two handlers for ${twice}`);
  const unhandled = consumer.subjects.find((subject) => !/[*>]/.test(subject) && !types.includes(subject));
  if (unhandled) throw new TypeError(`${name} has no handler for ${unhandled}`);
  const idle = types.find((type) => !consumer.subjects.some((subject) => matchesSubject(subject, type)));
  if (idle) throw new TypeError(`${name} does not consume ${idle}, for which it has a handler`);
}
