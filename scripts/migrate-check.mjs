// @ts-check
// `npm run migrate:check`: compares each schema.prisma with its migrations.
process.argv.push('--check');
await import(/** @type {string} */ ('../dist/migrate.js'));
