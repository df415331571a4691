/** Exits 0 when the URL answers with success: what a container's health check runs, for an image without curl. */
const url = process.argv[2];
const isHealthy = await fetch(url, { signal: AbortSignal.timeout(4_000) }).then(
  (answer) => answer.ok,
  () => false,
);
process.exit(isHealthy ? 0 : 1);
