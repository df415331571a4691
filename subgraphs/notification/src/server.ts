import { runSubgraph } from '@shop/subgraph';
import { notification } from '../subgraph.ts';

runSubgraph(notification);
