import type { RequestDefinition, Broker } from '@shop/messaging';
import type { z } from 'zod';

/** A request that one service sends to another over the broker, and the shape of its answer. */
export interface RequestContract<Request, Response> {
  readonly subject: string;
  /** The service that answers. */
  readonly responder: string;
  readonly request: z.ZodType<Request>;
  readonly response: z.ZodType<Response>;
}

/** A service's answer to one kind of request. Made with {@link answer}. */
export interface Answer<Dependencies> {
  readonly definition: Pick<RequestDefinition, 'subject' | 'responder'>;
  handle(payload: unknown, dependencies: Dependencies): Promise<unknown>;
}

/** Answers a request. Request and response are checked against the contract. */
export function answer<Request, Response, Dependencies>(
  contract: RequestContract<Request, Response>,
  handle: (request: Request, dependencies: Dependencies) => Promise<Response>,
): Answer<Dependencies> {
  return {
    definition: contract,
    handle: async (payload, dependencies) =>
      contract.response.parse(await handle(contract.request.parse(payload), dependencies)),
  };
}

/**
 * Answers the requests of other services until the broker is closed.
 *
 * @throws TypeError when the answers are not exactly those that the topology expects of this service
 */
export function answerRequests<Dependencies>(
  broker: Broker,
  answers: readonly Answer<Dependencies>[],
  dependencies: Dependencies,
): void {
  const { service, topology } = broker;
  const expected = topology.requests.filter(({ responder }) => responder === service).map(({ subject }) => subject);
  const given = answers.map(({ definition }) => definition.subject);
  const missing = expected.find((subject) => !given.includes(subject));
  if (missing !== undefined) throw new TypeError(`${service} has no answer to ${missing}.`);
  const unexpected = given.find((subject, index) => !expected.includes(subject) || given.indexOf(subject) !== index);
  if (unexpected !== undefined)
    throw new TypeError(`${service} answers ${unexpected} twice, or no service in the table asks for it.`);
  for (const { definition, handle } of answers) broker.respond(definition, (payload) => handle(payload, dependencies));
}
