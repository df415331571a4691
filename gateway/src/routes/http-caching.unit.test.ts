import { Channels, tagOfAll, tagOfSubject } from '../cache/channels.ts';
import { listSurrogateKeys } from './http-caching.ts';

const channels = new Channels(() => ({ name: 'S', flushedAt: 0, isCurrent: () => true }));
const products = channels.find(['shop.product.created.v1', 'shop.product.updated.v1'])!;
const lists = channels.find(['shop.product.updated.v1', 'shop.category.updated.v1'])!;
const foreign = channels.find(['renamed'])!;

test('keys name kinds of objects and single ones, each once', () => {
  const tags = [tagOfAll(lists), tagOfSubject(products, '7'), tagOfSubject(products, '8'), tagOfAll(foreign)];
  expect(listSurrogateKeys(tags, channels)).toEqual(['category', 'product', 'product:7', 'product:8', 'renamed']);
});

test('keys of too many objects are those of their kinds', () => {
  const tags = Array.from({ length: 1_000 }, (_, index) => tagOfSubject(products, `product-${index}`));
  expect(listSurrogateKeys(tags.slice(0, 100), channels)).toHaveLength(100);
  expect(listSurrogateKeys(tags, channels)).toEqual(['product']);
});
