import type { Case } from './cases.ts';
import type { CountingGateway } from './counting-gateway.ts';
import type { Endpoint, HttpLoad } from './http-load.ts';
import type { StatementLog } from './statement-log.ts';

export interface Work {
  /** SQL statements of one request, BEGIN and COMMIT included. */
  readonly statements: readonly string[];
  /** Calls of subgraphs for one request. */
  readonly calls: number;
}

const TIMES = 5;

/**
 * The work that one request of a kind causes. It is the minimum of a few measurements, so that background work is not
 * counted.
 */
export async function countWork(
  { bodies, isGood }: Case,
  { http, endpoint, gateway, log }: { http: HttpLoad; endpoint: Endpoint; gateway: CountingGateway; log: StatementLog },
): Promise<Work> {
  const at = { ...endpoint, url: gateway.url };
  await http.post(at, bodies[0] ?? '');
  const counted: Work[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const body = bodies[time % bodies.length] ?? '';
    gateway.takeCalls();
    await log.take();
    const answer = await http.post(at, body);
    const statements = await log.take();
    counted.push({ statements, calls: gateway.takeCalls() });
    if (!isGood(JSON.parse(answer).data, JSON.parse(body).variables))
      throw new Error(`This is not an answer to measure: ${answer.slice(0, 1_000)}\nfor ${body}`);
  }
  const [least] = counted.sort((one, other) => one.statements.length - other.statements.length);
  return { statements: least?.statements ?? [], calls: Math.min(...counted.map(({ calls }) => calls)) };
}
