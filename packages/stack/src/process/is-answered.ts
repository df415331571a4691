import { get as getPlain } from 'node:http';
import { get as getEncrypted } from 'node:https';

const timeoutMs = 2_000;

/**
 * Returns whether a GET is answered with 200 within two seconds. A certificate is not verified: the process is our own, and its
 * certificate is for the name by which its clients know it.
 */
export function isAnswered(url: string): Promise<boolean> {
  const get = url.startsWith('https:') ? getEncrypted : getPlain;
  return new Promise((resolve) => {
    const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(timeoutMs) };
    const request = get(url, options, (response) => {
      response.on('error', () => undefined).resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
