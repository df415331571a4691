export { createAuthorize, type Authorize, type Variant } from './authorize.ts';
export { enforceAccess } from './enforce-access.ts';
export { readSupergraph, type SupergraphAccess } from './read-supergraph.ts';
export type { Credentials, Requirement } from '@shop/access';
