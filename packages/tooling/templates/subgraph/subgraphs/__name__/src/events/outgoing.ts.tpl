import { __name__Created } from '@shop/contracts';
import { newEvent, type OutboxEvent } from '@shop/messaging';
import type { __Name__ } from '../domain/__name__.ts';

export function __name__WasCreated({ id, productId, authorId, createdAt }: __Name__): OutboxEvent {
  return newEvent(__name__Created, {
    aggregateId: id,
    data: { __name__Id: id, productId, authorId, createdAt: createdAt.toISOString() },
  });
}
