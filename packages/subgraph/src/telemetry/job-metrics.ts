import { type Metrics, workBuckets } from '@shop/process';

/** Learns of the rounds of jobs. */
export interface JobObserver {
  /** A job has done one round, or failed to. */
  finished(round: { readonly job: string; readonly isFailed: boolean; readonly seconds: number }): void;
}

/** Counts the rounds of jobs. Prometheus has its own label `job`, so theirs is `job_name`. */
export function observeJobs(metrics: Metrics): JobObserver {
  const durations = metrics.histogram({
    name: 'shop_job_round_duration_seconds',
    help: 'Time of a round of a job that did not fail',
    labels: ['job_name'],
    buckets: workBuckets,
  });
  const failures = metrics.counter({
    name: 'shop_job_failures_total',
    help: 'Rounds of a job that failed. They are tried again',
    labels: ['job_name'],
  });
  const finishedAt = new Map<string, number>();
  metrics.gauge({
    name: 'shop_job_last_success_timestamp_seconds',
    help: 'When the last round of a job ended that did not fail',
    labels: ['job_name'],
    read: () => [...finishedAt].map(([job_name, value]) => ({ labels: { job_name }, value })),
  });
  return {
    finished({ job, isFailed, seconds }) {
      failures.inc({ job_name: job }, isFailed ? 1 : 0);
      if (isFailed) return;
      durations.observe({ job_name: job }, seconds);
      finishedAt.set(job, Date.now() / 1_000);
    },
  };
}
