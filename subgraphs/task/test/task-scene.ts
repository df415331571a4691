import type { OrderableProduct } from '@shop/contracts';
import { sqlOver, uuidv7 } from '@shop/subgraph';
import { startTestDatabase } from '@shop/testing';
import { openDatabase, type Database } from '../src/db/database.ts';
import type { Project } from '../src/domain/project.ts';
import type { ProjectRole } from '../src/domain/role.ts';
import type { Task } from '../src/domain/task.ts';
import { createProject } from '../src/use-cases/create-project.ts';
import { createTask } from '../src/use-cases/create-task.ts';
import type { Caller, Dependencies } from '../src/use-cases/dependencies.ts';
import { setProjectMember } from '../src/use-cases/set-project-member.ts';

/** A project with one member of each role. */
export interface Team {
  readonly project: Project;
  readonly OWNER: Caller;
  readonly MANAGER: Caller;
  readonly MEMBER: Caller;
  readonly VIEWER: Caller;
}

export const newCaller = (readsAll = false): Caller => ({ userId: uuidv7(), readsAll });

let keys = 0;
/** A key that no other project of the test file has. */
export const newKey = () => `P${(keys += 1)}X${Math.floor(Math.random() * 1e6)}`;

/** The dependencies of use-cases over a database of one test file. */
export async function openTaskScene() {
  const server = await startTestDatabase('task');
  const database = openDatabase(server.url);
  // Every account exists here. Another test asks a real service over a real broker.
  const dependencies: Dependencies = {
    database,
    isActiveAccount: async () => true,
    askForProducts: async (): Promise<OrderableProduct[]> => [],
    shopTasks: { projectKey: null, lowStockThreshold: 5 },
    now: () => new Date(),
  };

  async function openProject(owner: Caller = newCaller(), rest: object = {}): Promise<Project> {
    const outcome = await createProject(dependencies, { key: newKey(), name: 'Operations', ...rest }, owner.userId);
    if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
    return outcome.project;
  }

  async function addMember(project: Project, owner: Caller, role: ProjectRole, member = newCaller()): Promise<Caller> {
    const change = { projectId: project.id, userId: member.userId, role };
    const outcome = await setProjectMember(dependencies, change, owner);
    if (outcome.kind !== 'set') throw new Error(JSON.stringify(outcome));
    return member;
  }

  return {
    url: server.url,
    run: server.run,
    database,
    dependencies,
    openProject,
    addMember,
    async openTeam(): Promise<Team> {
      const OWNER = newCaller();
      const project = await openProject(OWNER);
      const join = (role: ProjectRole) => addMember(project, OWNER, role);
      return {
        project,
        OWNER,
        MANAGER: await join('MANAGER'),
        MEMBER: await join('MEMBER'),
        VIEWER: await join('VIEWER'),
      };
    },
    async openTask(project: Project, caller: Caller, rest: object = {}): Promise<Task> {
      const outcome = await createTask(dependencies, { projectId: project.id, title: 'Count', ...rest }, caller);
      if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
      return outcome.task;
    },
    /** The types and data of an aggregate's events, oldest first. */
    async eventsOf(aggregateId: string): Promise<[string, Record<string, unknown>][]> {
      const rows = await database.client.outbox.findMany({ where: { aggregateId }, orderBy: { sequence: 'asc' } });
      return rows.map(({ type, payload }) => [type, (payload as { data: Record<string, unknown> }).data]);
    },
    /** The members of a project as `userId: role`. */
    async rolesOf(projectId: string): Promise<Record<string, string>> {
      const rows = await database.client.projectMember.findMany({ where: { projectId } });
      return Object.fromEntries(rows.map(({ userId, role }) => [userId, role]));
    },
    /** The actions that the audit log has about something, oldest first. */
    async auditOf(subjectId: string): Promise<string[]> {
      const rows = await database.client.auditEntry.findMany({ where: { subjectId }, orderBy: { id: 'asc' } });
      return rows.map(({ action }) => action);
    },
    /** How many transactions wait for a lock. */
    async waiting(): Promise<number> {
      const [row] = await sqlOver(database.client).query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return row?.count ?? 0;
    },
    /** Opens another pool, as another replica would. */
    replica: (): Database => openDatabase(server.url),
    async stop() {
      await database.close();
      await server.stop();
    },
  };
}

export type TaskScene = Awaited<ReturnType<typeof openTaskScene>>;
