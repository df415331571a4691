import { access } from 'node:fs/promises';
import path from 'node:path';
import { ExpectedError } from '@shop/process';
import type { DeployOptions } from './options.ts';
import { CommandFailed, type ExternalCommand, type Steps } from './steps.ts';

/**
 * Deploys with Docker Compose: builds or pulls the image, starts what changed, and waits until every container is healthy. Otherwise
 * the image that ran before is started again.
 *
 * @throws ExpectedError when the new release does not become healthy; it says which release runs
 */
export async function deployWithCompose(steps: Steps, root: string, options: DeployOptions): Promise<void> {
  const project = await openProject(steps, root, options);
  const { image = `federated-commerce:${options.environment}` } = options;
  const running = await project.findRunningImage();
  if (options.image === undefined) await steps.change('build the image', project.compose(['build'], image));
  else await steps.change('pull the image', { argv: ['docker', 'pull', '--quiet', image] });
  const isNew = running !== (await project.findId(image));
  if (running !== undefined && isNew) {
    await steps.change('keep the image of the release before', { argv: ['docker', 'tag', running, project.before] });
  }
  try {
    await project.start(image);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    await project.explainState();
    if (running === undefined || !isNew)
      throw new ExpectedError(
        `${error.message}\nThere is no other release to go back to. Correct the cause, and deploy again.`,
      );
    await goBack(project, error);
  }
}

/**
 * Starts the release before the one that runs.
 *
 * @throws ExpectedError when none was kept, or when it does not become healthy
 */
export async function rollBackWithCompose(steps: Steps, root: string, options: DeployOptions): Promise<void> {
  const project = await openProject(steps, root, options);
  if ((await project.findId(project.before)) === undefined && !steps.isDryRun)
    throw new ExpectedError(
      `There is no release before: the image ${project.before} does not exist. Name one with --image.`,
    );
  await project.start(project.before);
}

async function goBack(project: ComposeProject, reason: Error): Promise<never> {
  const outcome = await project.start(project.before).then(
    () => 'The release before runs again.',
    (error: Error) => `Going back failed, too: ${error.message}`,
  );
  throw new ExpectedError(`The new release did not become healthy: ${reason.message}\n${outcome}`);
}

interface ComposeProject {
  /** The image that is kept of the release before. */
  readonly before: string;
  compose(args: readonly string[], image?: string): ExternalCommand;
  /** The id of the image that the gateway runs; undefined when nothing runs. */
  findRunningImage(): Promise<string | undefined>;
  /** The id of an image; undefined when this machine does not have it. */
  findId(image: string): Promise<string | undefined>;
  /** Starts a release, and waits until it is healthy. */
  start(image: string): Promise<void>;
  explainState(): Promise<void>;
}

async function openProject(steps: Steps, root: string, options: DeployOptions): Promise<ComposeProject> {
  const { environment, timeoutSeconds } = options;
  const envFile = `.env.${environment}`;
  await access(path.join(root, envFile)).catch((cause: unknown) => {
    throw new ExpectedError(`${envFile} is missing. Write it once with: npm run secrets -- --output ${envFile}`, {
      cause,
    });
  });
  const base = [
    'docker',
    'compose',
    '--env-file',
    envFile,
    '--project-name',
    `federated-commerce-${environment}`,
  ] as const;
  // Compose builds or pulls only when it is told to.
  const compose = (args: readonly string[], image?: string): ExternalCommand => ({
    argv: [...base, ...args],
    ...(image === undefined ? {} : { env: { APP_IMAGE: image, APP_PULL_POLICY: 'never' } }),
  });
  await steps.read('check the compose file', compose(['config', '--quiet']));
  const inspect = (what: string, format: string, name: string) =>
    steps.read(what, { argv: ['docker', 'inspect', '--format', format, name] });

  return {
    before: `federated-commerce:before-${environment}`,
    compose,
    async findRunningImage() {
      if (steps.isDryRun) return undefined;
      const [container = ''] = (
        await steps.read('find the release that runs', compose(['ps', '--quiet', 'gateway']))
      ).split('\n');
      return container === '' ? undefined : inspect('find its image', '{{.Image}}', container);
    },
    findId: (image) => {
      if (steps.isDryRun) return Promise.resolve(undefined);
      return inspect('find the id of the image', '{{.Id}}', image).catch(() => undefined);
    },
    async start(image) {
      const wait = ['--wait', '--wait-timeout', String(timeoutSeconds)];
      await steps.change(
        'start the release, and wait until it is healthy',
        compose(['up', '--detach', '--no-build', '--remove-orphans', ...wait], image),
      );
    },
    async explainState() {
      await steps.explain(compose(['ps', '--all']));
      await steps.explain(compose(['logs', '--no-color', '--tail', '20']));
    },
  };
}
