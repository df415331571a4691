import { runSubgraph } from '@shop/subgraph';
import { order } from '../subgraph.ts';

runSubgraph(order);
