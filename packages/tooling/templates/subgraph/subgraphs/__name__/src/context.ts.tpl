import type { Viewer } from '@shop/process';
import { create__Name__Loader } from './db/__names__.ts';
import type { Dependencies } from './use-cases/dependencies.ts';
import { createProduct__Names__Loader } from './use-cases/list-__names__.ts';

export type Context = ReturnType<typeof createContext>;

/** The context of one request. Loaders live as long as the request, so that no row is read twice or shared between requests. */
export function createContext(dependencies: Dependencies, { viewer }: { viewer: Viewer }) {
  return {
    ...dependencies,
    viewer,
    __names__: create__Name__Loader(dependencies.database),
    product__Names__: createProduct__Names__Loader(dependencies),
  };
}
