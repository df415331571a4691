import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Pin } from './cores.ts';

/** A program of the benchmark's own in another process. It answers each message with one. */
export interface HelperProcess<Message, Answer> {
  readonly pid: number;
  /** Messages are sent one after another. @throws Error when the process has died or answers with an error */
  ask(message: Message): Promise<Answer>;
  stop(): Promise<void>;
}

export function startHelper<Message extends string | object, Answer extends object>(
  program: string,
  pin: Pin,
): HelperProcess<Message, Answer> {
  const [command = process.execPath, ...rest] = [...pin, process.execPath];
  const child = fork(program, { execPath: command, execArgv: rest });
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? -1,
    async ask(message) {
      child.send(message);
      const [answer] = (await Promise.race([
        once(child, 'message'),
        exited.then(() => [{ error: `${program} has died.` }]),
      ])) as [Answer | { error: string }];
      if ('error' in answer) throw new Error(String(answer.error));
      return answer;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
