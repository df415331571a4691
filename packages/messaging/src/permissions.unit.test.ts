import { permissionsFor } from './permissions.ts';
import type { Topology } from './topology.ts';

const topology: Topology = {
  streams: [
    { name: 'ORDER', publisher: 'order', subjects: ['shop.order.>'] },
    { name: 'PRODUCT', publisher: 'product', subjects: ['shop.product.>'] },
  ],
  consumers: [{ subscriber: 'product', stream: 'ORDER', subjects: ['shop.order.created.v1'] }],
  requests: [{ subject: 'shop.request.product.find.v1', requester: 'order', responder: 'product' }],
};

test('permissions of a service that publishes and sends requests', () => {
  expect(permissionsFor(topology, 'order')).toEqual({
    publish: [
      'shop.order.>',
      '$JS.API.STREAM.INFO.ORDER',
      '$JS.API.STREAM.CREATE.ORDER',
      '$JS.API.STREAM.UPDATE.ORDER',
      '$JS.API.STREAM.DELETE.ORDER',
      'shop.request.product.find.v1',
      'outbox.compare.product-from-order',
      'outbox.deliver.product-from-order',
    ],
    subscribe: ['_INBOX_order.>'],
  });
});

test('permissions of a service that consumes and answers requests', () => {
  const { publish, subscribe } = permissionsFor(topology, 'product');
  expect(publish).toEqual([
    'shop.product.>',
    '$JS.API.STREAM.INFO.PRODUCT',
    '$JS.API.STREAM.CREATE.PRODUCT',
    '$JS.API.STREAM.UPDATE.PRODUCT',
    '$JS.API.STREAM.DELETE.PRODUCT',
    '$JS.API.STREAM.INFO.ORDER',
    '$JS.API.CONSUMER.CREATE.ORDER.product-from-order',
    '$JS.API.CONSUMER.DURABLE.CREATE.ORDER.product-from-order',
    '$JS.API.CONSUMER.DELETE.ORDER.product-from-order',
    '$JS.API.CONSUMER.INFO.ORDER.product-from-order',
    '$JS.API.CONSUMER.MSG.NEXT.ORDER.product-from-order',
    '$JS.ACK.ORDER.product-from-order.>',
    '_INBOX_order.>',
  ]);
  expect(subscribe).toEqual([
    '_INBOX_product.>',
    'shop.request.product.find.v1',
    'outbox.compare.product-from-order',
    'outbox.deliver.product-from-order',
  ]);
});

test('a process that watches events may only create its watch and ask for it', () => {
  const watches = [{ watcher: 'door', stream: 'ORDER', subjects: ['shop.order.created.v1'] }];
  expect(permissionsFor({ ...topology, watches }, 'door')).toEqual({
    publish: ['$JS.API.CONSUMER.CREATE.ORDER.*.shop.order.created.v1', '$JS.API.CONSUMER.INFO.ORDER.*'],
    subscribe: ['_INBOX_door.>'],
  });
});

test('a process that watches several events of a stream may read all of it', () => {
  const watches = [{ watcher: 'door', stream: 'ORDER', subjects: ['shop.order.created.v1', 'shop.order.updated.v1'] }];
  expect(permissionsFor({ ...topology, watches }, 'door').publish).toEqual([
    '$JS.API.CONSUMER.CREATE.ORDER',
    '$JS.API.CONSUMER.CREATE.ORDER.*',
    '$JS.API.CONSUMER.INFO.ORDER.*',
  ]);
});

test('an unknown service may only subscribe to its own inbox', () => {
  expect(permissionsFor(topology, 'stranger')).toEqual({ publish: [], subscribe: ['_INBOX_stranger.>'] });
});
