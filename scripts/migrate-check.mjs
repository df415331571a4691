// `npm run migrate:check`: does each schema.prisma agree with its migrations?
process.argv.push('--check');
await import('../dist/migrate.js');
