import type { Logger } from '@shop/process';
import { watchAccessTokenKeys, type AccessTokenKeyFile } from './access-token-key-file.ts';
import { parseAccessTokenKeys } from './access-token-keys.ts';

/** Where the keys are: in a file that is read again regularly, or in a variable. */
export type KeySource = { readonly file: string } | { readonly text: string; readonly variable: string };

/** @throws BadKeysError */
export async function openAccessTokenKeys(source: KeySource, logger: Logger): Promise<AccessTokenKeyFile> {
  if ('file' in source) return watchAccessTokenKeys({ file: source.file, logger });
  const keys = await parseAccessTokenKeys(source.text, source.variable);
  return { current: () => keys, stop: () => {} };
}
