import { defineConfig, env } from 'prisma/config';

/** For Prisma's own CLI: `npx prisma migrate deploy --config prisma/user/prisma.config.ts`. */
export default defineConfig({
  schema: '.',
  migrations: { path: 'migrations' },
  datasource: { url: env('USER_DATABASE_URL') },
});
