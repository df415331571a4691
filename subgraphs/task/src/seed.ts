import { runSeed } from '@shop/subgraph';
import { openDatabase } from './db/database.ts';
import { readDemoProjects } from './demo-projects.ts';
import { fillProject } from './use-cases/fill-project.ts';

/** Writes the demo projects with their tasks. Projects that exist, or were deleted since, stay as they are. */
runSeed({
  service: { name: 'task' },
  openDatabase,
  seed: async ({ kind, database, logger, now, stopping }) => {
    if (kind === 'none') return;
    for (const project of await readDemoProjects()) {
      if (stopping.aborted) return;
      if (await fillProject(database, project, now())) logger.info({ key: project.key }, 'demo project');
    }
  },
});
