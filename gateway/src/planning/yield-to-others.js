// @ts-check
// It is JavaScript, because the programs of threads import it.
import { readlinkSync } from 'node:fs';
import os from 'node:os';

/** Gives this thread a lower priority: answering goes before planning where both want a processor. Only Linux has priorities of threads. */
export function yieldToOthers() {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    os.setPriority(thread, 5);
  } catch {
    // Then the thread has the priority of the process.
  }
}
