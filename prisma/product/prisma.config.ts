import { defineConfig, env } from 'prisma/config';

/** For Prisma's own CLI: `npx prisma migrate deploy --config prisma/product/prisma.config.ts`. */
export default defineConfig({
  schema: '.',
  migrations: { path: 'migrations' },
  datasource: { url: env('PRODUCT_DATABASE_URL') },
});
