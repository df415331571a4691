import type { Job } from '@shop/subgraph';
import type { Dependencies } from '../use-cases/dependencies.ts';
import { openShopTasks } from '../use-cases/open-shop-tasks.ts';

/** Opens and closes the tasks that arise from the shop, within about a second. */
const openTasksOfShop: Job<Pick<Dependencies, 'database' | 'askForProducts' | 'shopTasks' | 'now'>> = {
  name: 'opening tasks of the shop',
  everyMs: 1_000,
  work: openShopTasks,
};

export const jobs = [openTasksOfShop];
