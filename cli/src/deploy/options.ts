export const targets = ['compose', 'kubernetes'] as const;
export const environments = ['staging', 'production'] as const;

/** Options of a deployment. */
export interface DeployOptions {
  readonly environment: (typeof environments)[number];
  /** The image to deploy, from a registry. Default: Compose builds one; Kubernetes uses the one of the overlay. */
  readonly image?: string | undefined;
  /** Seconds that the deployment may take until everything is healthy. */
  readonly timeoutSeconds: number;
}
