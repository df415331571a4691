export { createAuthorize, type Authorize, type Variant } from './authorize.ts';
export { enforceAccess } from './enforce-access.ts';
export { findRequirements } from './find-refusals.ts';
