import { runSubgraph } from '@shop/subgraph';
import { task } from '../subgraph.ts';

runSubgraph(task);
