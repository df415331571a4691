import { readFileSync } from 'node:fs';

const read = (file: string) => readFileSync(file, 'utf8');
const tables = read('packages/messaging/sql/messaging.sql');
const models = read('packages/messaging/sql/messaging.prisma').trim();

describe.each(['user', 'product', 'order'])('the %s database', (name) => {
  test('has the tables of @shop/messaging as that package writes them', () => {
    expect(read(`prisma/${name}/migrations/20261120000000_messaging/migration.sql`)).toBe(tables);
  });

  test('has its models as well', () => {
    expect(read(`prisma/${name}/schema.prisma`)).toContain(models);
  });
});
