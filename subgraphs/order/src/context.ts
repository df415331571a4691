import type { Viewer } from '@shop/process';
import { createHistoryLoader, createLineLoader, createOrderLoader, createPaymentLoader } from './db/loaders.ts';
import type { Dependencies } from './use-cases/dependencies.ts';
import { createOrderPageLoader } from './use-cases/list-orders.ts';

/** What one request works with. Loaders live as long as the request, so that nothing is read twice or shared. */
export function createContextFactory(dependencies: Dependencies) {
  return ({ viewer }: { viewer: Viewer }) => ({
    ...dependencies,
    viewer,
    orders: createOrderLoader(dependencies.database),
    orderPages: createOrderPageLoader(dependencies, viewer),
    lines: createLineLoader(dependencies.database),
    history: createHistoryLoader(dependencies.database),
    paymentsOf: createPaymentLoader(dependencies.database),
  });
}

export type Context = ReturnType<ReturnType<typeof createContextFactory>>;
