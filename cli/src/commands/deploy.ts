import { Option } from 'commander';
import type { AddCommand } from '../command-line/context.ts';
import { wholeNumber } from '../command-line/options.ts';
import { deployWithCompose, rollBackWithCompose } from '../deploy/compose.ts';
import { deployToKubernetes, type KubernetesOptions, rollBackKubernetes } from '../deploy/kubernetes.ts';
import { environments, targets } from '../deploy/options.ts';
import { createSteps } from '../deploy/steps.ts';

interface DeployCommandOptions extends Omit<KubernetesOptions, 'timeoutSeconds'> {
  readonly target: (typeof targets)[number];
  readonly timeout: number;
  readonly dryRun?: true;
  readonly rollback?: true;
}

export const addDeploy: AddCommand = (shop, { terminal, env, root, signal }) => {
  shop
    .command('deploy')
    .summary('deploy a release, and go back when it does not become healthy')
    .description(
      'Deploy a release: apply the migrations, start the processes, and wait until they are healthy. When they do not become healthy, ' +
        'the release before is started again, and the exit code is 1. The same command may be repeated.',
    )
    .addOption(new Option('--target <target>', 'the kind of installation').choices(targets).makeOptionMandatory())
    .addOption(new Option('--environment <name>', 'the installation').choices(environments).makeOptionMandatory())
    .option(
      '--image <name>',
      'an image from a registry; by default Compose builds one, and Kubernetes uses that of the overlay',
    )
    .option('--context <name>', "Kubernetes: the context of kubectl's configuration; the current one by default")
    .addOption(
      new Option('--timeout <seconds>', 'the time until everything is healthy')
        .argParser(wholeNumber(1, 7_200))
        .default(600),
    )
    .addOption(new Option('--rollback', 'start the release before the one that runs').conflicts('image'))
    .option('--dry-run', 'print the steps, and change nothing')
    .addHelpText(
      'after',
      `
Examples:
  npm run shop -- deploy --target kubernetes --environment staging --dry-run
  npm run shop -- deploy --target compose --environment production --image ghcr.io/example/shop/app:1.2.3
  npm run shop -- deploy --target kubernetes --environment production --rollback`,
    )
    .action(async ({ target, timeout, dryRun, rollback, ...rest }: DeployCommandOptions) => {
      const options = { ...rest, timeoutSeconds: timeout };
      const report = (line: string) => terminal.print(line);
      const steps = createSteps({ root, env, signal, isDryRun: dryRun === true, report });
      if (target === 'compose') await (rollback ? rollBackWithCompose : deployWithCompose)(steps, root, options);
      else await (rollback ? rollBackKubernetes : deployToKubernetes)(steps, options);
      terminal.print(dryRun === true ? 'Nothing was changed.' : `${options.environment} is healthy.`);
    });
};
