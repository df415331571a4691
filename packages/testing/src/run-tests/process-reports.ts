import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The part of Node's diagnostic report that is read here. */
export interface ProcessReport {
  readonly pid: number;
  /** What keeps the process alive. */
  readonly handles: readonly Handle[];
  /** Process ids of its children. */
  readonly children: readonly number[];
}

interface Handle {
  readonly type: string;
  readonly is_active: boolean;
  readonly is_referenced: boolean;
  readonly pid?: number;
  readonly fd?: number;
  readonly localEndpoint?: Endpoint | null;
  readonly remoteEndpoint?: Endpoint | null;
}

interface Endpoint {
  readonly ip4?: string;
  readonly ip6?: string;
  readonly port?: number;
}

interface RawReport {
  readonly header: { readonly processId: number };
  readonly libuv: readonly Handle[];
}

const WAIT_MS = 5_000;

/** Waits until the processes have written their reports, for at most 5 s, and returns those that are complete. */
export async function readReports(directory: string, pids: readonly number[]): Promise<ProcessReport[]> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    // A process that ended before it could write a report ends the watch, and the directory with it.
    if (!existsSync(directory)) return [];
    const reports = readdirSync(directory).flatMap((name) => parseReport(path.join(directory, name)));
    const found = reports.filter(({ pid }) => pids.includes(pid));
    if (found.length === pids.length || Date.now() > deadline) return found;
    await pause(50);
  }
}

function parseReport(file: string): ProcessReport[] {
  try {
    const { header, libuv } = JSON.parse(readFileSync(file, 'utf8')) as RawReport;
    return [
      {
        pid: header.processId,
        handles: libuv.filter((handle) => handle.is_active && handle.is_referenced),
        children: libuv.flatMap(({ type, pid }) => (type === 'process' && pid !== undefined ? [pid] : [])),
      },
    ];
  } catch {
    return []; // it is still being written
  }
}

/** Describes a report for a person. */
export function describeReport({ pid, handles }: ProcessReport): string[] {
  const open = handles.length === 0 ? ['nothing'] : handles.map(describeHandle);
  return [`Process ${pid} has open:`, ...open.map((line) => `  ${line}`)];
}

function describeHandle({ type, pid, fd, localEndpoint, remoteEndpoint }: Handle): string {
  const detail = [
    localEndpoint && describeEndpoint(localEndpoint),
    remoteEndpoint && `connected to ${describeEndpoint(remoteEndpoint)}`,
    pid === undefined ? null : `process ${pid}`,
    fd === undefined || localEndpoint ? null : `file descriptor ${fd}`,
  ].filter(Boolean);
  return detail.length === 0 ? type : `${type}: ${detail.join(', ')}`;
}

const describeEndpoint = ({ ip4, ip6, port }: Endpoint): string => `${ip4 ?? ip6}:${port}`;
