import { invalidInput, userError } from '@shop/subgraph';
import type { Refusal, RefusalOf } from '../use-cases/refusal.ts';

/** The member of a result union for each expected failure. */
const members = {
  'invalid-input': ({ issues }: RefusalOf<'invalid-input'>) => invalidInput(issues),
  'project-not-found': () => userError('ProjectNotFound', 'There is no such project.'),
  'task-not-found': () => userError('TaskNotFound', 'There is no such task.'),
  'role-required': ({ role }: RefusalOf<'role-required'>) =>
    userError('ProjectRoleRequired', `This needs at least the role ${role} in the project.`, { requiredRole: role }),
  'project-archived': () => userError('ProjectArchived', 'The project is archived: it can be read and not changed.'),
  'key-taken': () => userError('ProjectKeyTaken', 'Another project has this key.'),
  'last-owner': () => userError('LastOwner', 'The project needs an owner. Make somebody else an owner first.'),
  'not-a-member': () => userError('NotAMember', 'There is no such account, or it is no member of the project.'),
  'version-conflict': ({ currentVersion }: RefusalOf<'version-conflict'>) =>
    userError('VersionConflict', 'It was changed since; read it again.', { currentVersion }),
  'idempotency-conflict': () =>
    userError('IdempotencyConflict', 'The idempotency key was used before with another input.'),
} satisfies { readonly [Kind in Refusal['kind']]: (refusal: RefusalOf<Kind>) => object };

type MemberOf<Kind extends Refusal['kind']> = ReturnType<(typeof members)[Kind]>;

/** Maps an expected failure to the member of its result union. */
export function describeRefusal<Kind extends Refusal['kind']>(
  refusal: { readonly kind: Kind } & Refusal,
): MemberOf<Kind> {
  const describe = members[refusal.kind] as (given: Refusal) => MemberOf<Kind>;
  return describe(refusal);
}
