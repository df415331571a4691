export { createAuthorize, type Authorize, type Variant } from './authorize.ts';
export { enforceAccess } from './enforce-access.ts';
