import { runSubgraph } from '@shop/subgraph';
import { user } from '../subgraph.ts';

runSubgraph(user);
