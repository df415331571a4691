import { defineConfig, env } from 'prisma/config';

/** For Prisma's own CLI: `npx prisma migrate deploy --config prisma/__name__/prisma.config.ts`. */
export default defineConfig({
  schema: '.',
  migrations: { path: 'migrations' },
  datasource: { url: env('__NAME___DATABASE_URL') },
});
