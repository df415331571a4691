import type { InputIssue } from '@shop/subgraph';
import type { ProjectRole } from '../domain/role.ts';

/** The expected failures of commands. Each command has some of them. */
export type Refusal =
  | { readonly kind: 'invalid-input'; readonly issues: readonly InputIssue[] }
  | { readonly kind: 'project-not-found' }
  | { readonly kind: 'task-not-found' }
  | { readonly kind: 'role-required'; readonly role: ProjectRole }
  | { readonly kind: 'project-archived' }
  | { readonly kind: 'key-taken' }
  | { readonly kind: 'last-owner' }
  | { readonly kind: 'not-a-member' }
  | { readonly kind: 'version-conflict'; readonly currentVersion: number }
  | { readonly kind: 'idempotency-conflict' };

/** Some of the expected failures. */
export type RefusalOf<Kind extends Refusal['kind']> = Extract<Refusal, { readonly kind: Kind }>;

/** The refusal of a single field. */
export function refuseField(path: string, message: string): RefusalOf<'invalid-input'> {
  return { kind: 'invalid-input', issues: [{ path, message }] };
}
