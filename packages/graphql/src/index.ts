export { toApolloLogger } from './apollo-logger.ts';
export { badUserInput, forbidden, unauthenticated, unavailable } from './errors/coded-errors.ts';
export { exposeError, isExposed } from './errors/expose.ts';
export { formatError, formatErrorOf, type IsUnavailable, maskErrors } from './errors/mask-errors.ts';
export { DateTime, MinorUnits } from './scalars.ts';
export { defaultPageSize, maxPageSize } from './page-size.ts';
