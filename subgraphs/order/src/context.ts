import type { Viewer } from '@shop/process';
import { createHistoryLoader, createLineLoader, createOrderLoader, createPaymentLoader } from './db/loaders.ts';
import type { Dependencies } from './use-cases/dependencies.ts';
import { createOrderPageLoader } from './use-cases/list-orders.ts';

export type Context = ReturnType<typeof createContext>;

/** The context of one request. Loaders live as long as the request, so that no row is read twice, and none is older than it. */
export function createContext(dependencies: Dependencies, { viewer }: { viewer: Viewer }) {
  return {
    ...dependencies,
    viewer,
    orders: createOrderLoader(dependencies.database),
    orderPages: createOrderPageLoader(dependencies, viewer),
    lines: createLineLoader(dependencies.database),
    history: createHistoryLoader(dependencies.database),
    paymentsOf: createPaymentLoader(dependencies.database),
  };
}
