import { hasScope } from '@shop/access';
import type { Viewer } from '@shop/process';
import { createRoleLoader } from './db/members.ts';
import { createProjectLoader } from './db/projects.ts';
import { createHistoryLoader, createTaskLoader } from './db/tasks.ts';
import type { Dependencies } from './use-cases/dependencies.ts';
import { createMemberPageLoader } from './use-cases/list-projects.ts';
import { createCommentPageLoader, createTaskPageLoader } from './use-cases/list-tasks.ts';

export type Context = ReturnType<typeof createContext>;

/** The context of one request. Loaders live as long as the request, so that no row is read twice or shared between requests. */
export function createContext(dependencies: Dependencies, { viewer }: { viewer: Viewer }) {
  const { database } = dependencies;
  const reader = { userId: viewer.userId, readsAll: hasScope(viewer, 'task:read') };
  const loaders = {
    projects: createProjectLoader(database, reader),
    roles: createRoleLoader(database, viewer.userId),
    memberPages: createMemberPageLoader(dependencies, reader),
    taskPages: createTaskPageLoader(dependencies, reader),
    tasks: createTaskLoader(database, reader),
    // The project of a task that the caller may see, or saw until this request.
    projectsOfTasks: createProjectLoader(database, { userId: null, readsAll: true }),
    history: createHistoryLoader(database),
    commentPages: createCommentPageLoader(dependencies),
  };
  return {
    ...dependencies,
    viewer,
    reader,
    ...loaders,
    /** Forgets what was read. A mutation may have changed it. */
    forgetLoaded: () => Object.values(loaders).forEach((loader) => void loader.clearAll()),
  };
}
