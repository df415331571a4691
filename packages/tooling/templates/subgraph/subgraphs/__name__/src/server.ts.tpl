import { runSubgraph } from '@shop/subgraph';
import { __name__ } from '../subgraph.ts';

runSubgraph(__name__);
