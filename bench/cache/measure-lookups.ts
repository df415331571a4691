import { anonymous, createLogger } from '@shop/process';
import { parse, type OperationDefinitionNode } from 'graphql';
import { AnswerCache } from '../../gateway/src/cache/answer-cache.ts';
import { GatewayCache } from '../../gateway/src/cache/gateway-cache.ts';
import { median } from '../results/statistics.ts';

const answers = 10_000;
const rounds = 20;

/** The microseconds that it takes to find an answer that is kept: without HTTP, and without the checks of the request. */
export function measureLookups(): number {
  const cache = new GatewayCache({
    maxBytes: 1024 ** 3,
    feed: {
      listen: () => () => {},
      isCurrent: () => true,
      isFollowed: () => true,
      findStream: () => 'PRODUCT',
    },
    generation: { invalidate: () => {} },
    logger: createLogger({ service: 'bench', level: 'silent' }),
  });
  const kept = new AnswerCache(cache, () => false);
  const document = parse('query Product($id: ID!) { product(id: $id) { id name } }');
  const prepared = { document, operation: document.definitions[0] as OperationDefinitionNode };
  const channel = cache.channels.find(['shop.product.updated.v1']);
  const text = JSON.stringify({ data: { product: { name: 'A product'.repeat(100) } } });
  const variables = Array.from({ length: answers }, (_, index) => ({ id: `product-${index}` }));
  for (const given of variables) {
    const draft = cache.begin(anonymous);
    const sources = [cache.findService('product'), ...(channel?.streams ?? [])];
    draft.add({ tags: [`1:${given.id}`], sources, oldest: 0, expiresAt: Infinity }, draft.share);
    kept.keep(prepared, given, { draft, text });
  }
  const took = Array.from({ length: rounds }, () => {
    const started = performance.now();
    const found = variables.filter((given) => kept.find(prepared, given, { viewer: anonymous }) !== undefined).length;
    if (found !== answers) throw new Error(`Only ${found} of ${answers} answers were found.`);
    return (1_000 * (performance.now() - started)) / answers;
  });
  cache.stop();
  return median(took);
}
