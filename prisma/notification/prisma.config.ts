import { defineConfig, env } from 'prisma/config';

/** For Prisma's own CLI: `npx prisma migrate deploy --config prisma/notification/prisma.config.ts`. */
export default defineConfig({
  schema: '.',
  migrations: { path: 'migrations' },
  datasource: { url: env('NOTIFICATION_DATABASE_URL') },
});
