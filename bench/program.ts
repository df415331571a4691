import { ShopCommand } from '../cli/src/command-line/shop-command.ts';
import { addCache, type CacheOptions } from './cache/options.ts';
import { addCatalogue, type CatalogueOptions } from './catalogue/options.ts';
import { addEntities, type EntitiesOptions } from './entities/options.ts';
import { addGateway, type GatewayOptions } from './gateway/options.ts';
import { addGrowth, type GrowthOptions } from './growth/options.ts';
import { addHealing, type HealingOptions } from './healing/options.ts';
import { addHistory, type HistoryOptions } from './history/options.ts';
import { addImport, type ImportOptions } from './import/options.ts';
import { addMessaging, type MessagingOptions } from './messaging/options.ts';
import { addOrders, type OrdersOptions } from './orders/options.ts';
import { addPlanners, type PlannersOptions } from './planners/options.ts';
import { addRestarts, type RestartsOptions } from './restarts/options.ts';
import { addRetention, type RetentionOptions } from './retention/options.ts';
import { addShops, type ShopsOptions } from './shops/options.ts';
import { addSignIns, type SignInsOptions } from './sign-ins/options.ts';
import { addSubscriptions, type SubscriptionsOptions } from './subscriptions/options.ts';
import { addTraces, type TracesOptions } from './traces/options.ts';

/** What runs for each command of `npm run bench`. */
export interface Benchmarks {
  orders(options: OrdersOptions): Promise<void>;
  catalogue(options: CatalogueOptions): Promise<void>;
  messaging(options: MessagingOptions): Promise<void>;
  healing(options: HealingOptions): Promise<void>;
  growth(options: GrowthOptions): Promise<void>;
  retention(options: RetentionOptions): Promise<void>;
  restarts(options: RestartsOptions): Promise<void>;
  traces(options: TracesOptions): Promise<void>;
  gateway(options: GatewayOptions): Promise<void>;
  planners(options: PlannersOptions): Promise<void>;
  cache(options: CacheOptions): Promise<void>;
  subscriptions(options: SubscriptionsOptions): Promise<void>;
  history(options: HistoryOptions): Promise<void>;
  import(options: ImportOptions): Promise<void>;
  entities(options: EntitiesOptions): Promise<void>;
  'sign-ins'(options: SignInsOptions): Promise<void>;
  shops(options: ShopsOptions): Promise<void>;
}

/** The command line of `npm run bench`. */
export function createBenchProgram(benchmarks: Benchmarks): ShopCommand {
  const program = new ShopCommand('npm run bench --').exitOverride();
  program.description('Measure the system: see docs/benchmarks.md.');
  addOrders(program, benchmarks.orders);
  addMessaging(program, benchmarks.messaging);
  addHealing(program, benchmarks.healing);
  addGrowth(program, benchmarks.growth);
  addRetention(program, benchmarks.retention);
  addRestarts(program, benchmarks.restarts);
  addTraces(program, benchmarks.traces);
  addGateway(program, benchmarks.gateway);
  addPlanners(program, benchmarks.planners);
  addSubscriptions(program, benchmarks.subscriptions);
  addCatalogue(program, benchmarks.catalogue);
  addCache(program, benchmarks.cache);
  addHistory(program, benchmarks.history);
  addImport(program, benchmarks.import);
  addEntities(program, benchmarks.entities);
  addSignIns(program, benchmarks['sign-ins']);
  addShops(program, benchmarks.shops);
  return program;
}
