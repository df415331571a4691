// `npm run migrate:check`: does each schema.prisma agree with its migrations?
process.argv.splice(2, Infinity, 'migrate', 'check');
await import('../dist/shop.js');
