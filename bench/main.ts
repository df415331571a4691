import { runProgram } from '../cli/src/command-line/run-program.ts';
import { cache } from './cache.ts';
import { catalogue } from './catalogue.ts';
import { entities } from './entities.ts';
import { gateway } from './gateway.ts';
import { growth } from './growth.ts';
import { healing } from './healing.ts';
import { history } from './history.ts';
import { importCatalogue } from './import.ts';
import { messaging } from './messaging.ts';
import { orders } from './orders.ts';
import { planners } from './planners.ts';
import { createBenchProgram } from './program.ts';
import { restarts } from './restarts.ts';
import { retention } from './retention.ts';
import { shops } from './shops.ts';
import { signIns } from './sign-ins.ts';
import { subscriptions } from './subscriptions.ts';
import { traces } from './traces.ts';

const code = await runProgram(
  createBenchProgram({
    orders,
    catalogue,
    messaging,
    healing,
    growth,
    retention,
    restarts,
    traces,
    gateway,
    planners,
    cache,
    subscriptions,
    history,
    import: importCatalogue,
    entities,
    'sign-ins': signIns,
    shops,
  }),
  process.argv.slice(2),
);
// Otherwise a benchmark may have set it: something was too slow.
if (code !== 0) process.exitCode = code;
