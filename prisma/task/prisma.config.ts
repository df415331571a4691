import { defineConfig, env } from 'prisma/config';

/** For Prisma's own CLI: `npx prisma migrate deploy --config prisma/task/prisma.config.ts`. */
export default defineConfig({
  schema: '.',
  migrations: { path: 'migrations' },
  datasource: { url: env('TASK_DATABASE_URL') },
});
