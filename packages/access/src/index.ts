export { createAccessError, forbidden, unauthenticated } from './access-error.ts';
export { enforceDirectives } from './enforce-directives.ts';
export { type Link, readArguments, readLinks } from './links.ts';
export { hasScope, requireScope, requireUser, toCredentials } from './require.ts';
export { type Credentials, isMet, readScopesRequirement, type Requirement } from './requirement.ts';
