import DataLoader from 'dataloader';
import type { Member } from '../domain/members.ts';
import type { ProjectRole } from '../domain/role.ts';
import type { Database, Transaction } from './database.ts';

const selection = { userId: true, role: true, since: true } as const;

/** Returns the role of a user in a project, and null for somebody who is no member. */
export async function findRole(tx: Transaction, projectId: string, userId: string): Promise<ProjectRole | null> {
  const row = await tx.projectMember.findUnique({
    where: { projectId_userId: { projectId, userId } },
    select: { role: true },
  });
  return row?.role ?? null;
}

/** The members of a project that a decision about one of them needs: those named, and its owners. */
export function listMembersFor(tx: Transaction, projectId: string, userIds: readonly string[]): Promise<Member[]> {
  return tx.projectMember.findMany({
    where: { projectId, OR: [{ userId: { in: [...userIds] } }, { role: 'OWNER' }] },
    select: selection,
  });
}

export function listMembers(tx: Transaction, projectId: string): Promise<Member[]> {
  return tx.projectMember.findMany({ where: { projectId }, orderBy: { userId: 'asc' }, select: selection });
}

/**
 * Writes a member's new role, or removes the member where it is null. Returns the sequence of the change among the project's changes of
 * members.
 */
export async function saveMember(
  tx: Transaction,
  projectId: string,
  { userId, role, since }: { readonly userId: string; readonly role: ProjectRole | null; readonly since: Date },
): Promise<number> {
  const where = { projectId_userId: { projectId, userId } };
  if (role === null) await tx.projectMember.delete({ where });
  else await tx.projectMember.upsert({ where, create: { projectId, userId, role, since }, update: { role } });
  const { memberSequence } = await tx.project.update({
    where: { id: projectId },
    data: { memberSequence: { increment: 1 } },
    select: { memberSequence: true },
  });
  return memberSequence;
}

/** Loads the role of a user in projects. */
export function createRoleLoader({ client }: Database, userId: string | null) {
  return new DataLoader<string, ProjectRole | null>(async (projectIds) => {
    const rows =
      userId === null
        ? []
        : await client.projectMember.findMany({
            where: { userId, projectId: { in: [...projectIds] } },
            select: { projectId: true, role: true },
          });
    const byProject = new Map(rows.map(({ projectId, role }) => [projectId, role]));
    return projectIds.map((id) => byProject.get(id) ?? null);
  });
}
