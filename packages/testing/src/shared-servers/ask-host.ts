import { readSharedServersUrl } from '../config.ts';

/** Sends a request to the host of the servers that the test files of a run share. */
export async function askHost(method: 'POST' | 'DELETE', path: string): Promise<unknown> {
  const response = await fetch(`${readSharedServersUrl()}/${path}`, { method });
  const body = (await response.json()) as { error?: string };
  if (!response.ok) throw new Error(`The servers that this run shares have no ${path} to give: ${body.error}`);
  return body;
}
