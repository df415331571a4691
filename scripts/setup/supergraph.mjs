import { hashOf, stampOf } from './inputs.mjs';
import { runNode } from './run.mjs';

const PLACES = [
  'supergraph.yaml',
  'subgraphs/user/schema.graphql',
  'subgraphs/product/schema.graphql',
  'subgraphs/order/schema.graphql',
  'gateway/supergraph.graphql',
  'scripts/compose.mjs',
  'node_modules/@apollo/composition/package.json',
];

/** Composes the supergraph when one of the subgraphs' schemas has changed. */
export async function composeSupergraph({ root }) {
  const stamp = stampOf(root, 'supergraph');
  if ((await stamp.read()) === (await hashOf(root, PLACES))) return 'up to date';
  await runNode(['scripts/compose.mjs'], { root });
  await stamp.write(await hashOf(root, PLACES)); // the result is among the inputs: a file that was edited by hand is composed again
  return 'composed';
}
