import { type Api, openApi } from './api/api.ts';
import { signInAsAdmin } from './api/sign-in.ts';
import { type Command, parseCommand, USAGE } from './arguments.ts';
import { Complaint } from './complaint.ts';
import { readConfig } from './config.ts';
import { runExport } from './export/run-export.ts';
import { runImport } from './import/run-import.ts';
import type { Terminal } from './terminal/terminal.ts';

/** @returns the exit code: 1 when rows were refused. */
export async function run(args: readonly string[], terminal: Terminal, env?: NodeJS.ProcessEnv): Promise<number> {
  const command = parseCommand(args);
  if (command.name === 'help') {
    terminal.say(USAGE);
    return 0;
  }
  const api = apiFor(command, env);
  if (command.name === 'import') return (await runImport(command, api, terminal)) > 0 ? 1 : 0;
  await runExport(command, api, terminal);
  return 0;
}

function apiFor(command: Exclude<Command, { name: 'help' }>, env?: NodeJS.ProcessEnv): Api {
  const config = readConfig(env);
  const url = command.url ?? config.url;
  if (!URL.canParse(url)) throw new Complaint(`--url ${url} is no URL.`);
  if (command.isAdmin) return openApi({ url, signIn: () => signInAsAdmin(url, config) });
  const token = command.token ?? config.token;
  if (token === undefined)
    throw new Complaint('Who is it? --admin, or --token TOKEN of somebody who may write products.');
  return openApi({ url, signIn: () => Promise.resolve(token) });
}
