import { runSubgraph } from '@shop/subgraph';
import { product } from '../subgraph.ts';

runSubgraph(product);
