import { runCommand } from './run-command.ts';

const TOKEN = ['--token', 't'];

test.each([
  [['frobnicate'], 'Unknown command'],
  [['evnts'], 'Did you mean events?'],
  [['events', 'list'], "Unknown command 'list'"],
  [['events', 'dead-letters', 'a'], 'Too many arguments'],
  [
    ['events', 'dead-letters', '--service', 'cart'],
    "argument 'cart' is invalid. Allowed choices are user, product, order, task, notification.",
  ],
  [['events', 'dead-letters', '--dry-run'], "Unknown option '--dry-run'"],
  [['events', 'resend'], 'Give either ids or --all.'],
  [['events', 'resend', 'a', '--all'], 'Give either ids or --all.'],
  [['events', 'resend', 'a', '--since', '2h'], "Unknown option '--since'"],
  [['events', 'resend', '--everything'], '--everything'],
  [['events', 'republish'], "Required option '--since <time>' not specified"],
  [['events', 'republish', 'a', '--since', '2h'], 'Too many arguments'],
  [['events', 'republish', '--since', 'yesterday'], '"yesterday" is neither a duration'],
  [['events', 'republish', '--since', '9999-01-01'], 'is in the future'],
  [['reconcile', 'now'], 'Too many arguments'],
  [['backup', 'now'], 'Too many arguments'],
  [['backup', '--keep', '0'], 'from 1 to 10000'],
  [['backup', '--every', '30s'], '"30s" is no interval from 1m to 24d'],
  [['backup', '--form', 'tar'], 'Allowed choices are auto, pg_dump, copy'],
  [['backup', 'list', '--max-age', '40d'], '"40d" is no interval'],
  [['restore'], "Missing required argument 'backup'"],
  [['restore', 'latest', '--service', 'cart'], "argument 'cart' is invalid"],
  [['keys', 'forget'], "Unknown command 'forget'"],
  [['keys', 'list', 'all'], 'Too many arguments'],
  [['migrate', 'forwards'], 'Too many arguments'],
  [['migrate', 'status', '--fast'], "Unknown option '--fast'"],
  [['secrets', '.env'], 'Too many arguments'],
  [['catalogue', 'frobnicate', 'x.csv'], "Unknown command 'frobnicate'"],
  [['catalogue', 'import'], "Missing required argument 'file'"],
  [['catalogue', 'import', 'x.csv', 'y.csv', ...TOKEN], 'Too many arguments'],
  [['catalogue', 'import', 'x.xml', ...TOKEN], 'The format of "x.xml" is unknown'],
  [['catalogue', 'import', 'x.csv', '--format', 'xml', ...TOKEN], 'Allowed choices are csv, json, ndjson'],
  [['catalogue', 'export', 'x.csv', '--dry-run'], "Unknown option '--dry-run'"],
  [['catalogue', 'import', 'x.csv', '--all'], "Unknown option '--all'"],
  [['catalogue', 'import', 'x.csv', '--admin', ...TOKEN], "'--admin' cannot be used with option '--token <token>'"],
  [['catalogue', 'import', 'x.csv'], 'Give --admin, or --token TOKEN'],
  [['catalogue', 'import', 'x.csv', '--concurrency', '65'], 'from 1 to 64'],
  [['catalogue', 'import', 'x.csv', '--concurrency', 'many'], 'from 1 to 64'],
  [['catalogue', 'import', 'x.csv', '--delimiter', '""'], 'one character'],
  [['catalogue', 'import', 'x.csv', '--map', 'price', ...TOKEN], '"price" is not TARGET=SOURCE'],
  [['catalogue', 'import', 'x.csv', '--url', 'nowhere', ...TOKEN], 'is not a URL'],
])('wrong usage exits with 2 and names the error: %j', async (args, message) => {
  const { code, stdout, stderr } = await runCommand(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/See: npm run shop -- ?[a-z -]* --help\n$/);
  expect(stderr).not.toContain('    at ');
});

test.each([[[]], [['events']], [['keys']], [['catalogue']], [['help', 'events']], [['events', '--help']]])(
  '%j shows help and exits with 0',
  async (args) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm run shop -- /);
    expect(stdout).toContain('Exit codes:');
  },
);

test('an invalid variable is reported without a stack', async () => {
  const run = await runCommand(['reconcile'], { env: { ORDER_DATABASE_URL: 'mysql://x' } });
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain('ORDER_DATABASE_URL: must be a URL that starts with postgres://');
  expect(run.stderr).not.toContain('    at ');
});

test.each([
  ['events', 'dead-letters'],
  ['reconcile'],
  ['backup'],
  ['migrate'],
  ['migrate', 'status'],
  ['keys', 'list'],
  ['catalogue', 'import', 'x.csv', '--admin'],
])('%s %s tells what to start when nothing runs', async (...args) => {
  const run = await runCommand(args, { env: { DATA_DIR: '/nonexistent/data' } });
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toMatch(/npm start|DATA_DIR|start the system/i);
});
