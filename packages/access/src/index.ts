export { enforceDirectives } from './enforce-directives.ts';
export { hasScope, requireScope, requireUser } from './require.ts';
