import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  CallSigner,
  clockExchange,
  createHeaders,
  internalToken,
  type Signing,
  type Viewer,
} from '@shop/gateway/signing';

/** The parts of Hive Gateway's plugins that this one uses. Its own types would need its packages to check this file. */
interface RequestPayload {
  readonly request: Request;
  /** The server under the gateway adds Node's request. */
  readonly serverContext?: { readonly req?: IncomingMessage };
  endResponse(response: Response): void;
}

interface ExecutePayload {
  readonly subgraphName: string;
  readonly executionRequest: {
    readonly context?: { readonly request?: Request };
    extensions?: { headers?: Record<string, string> };
  };
}

type Fetch = (url: string, options: FetchOptions, ...rest: unknown[]) => Promise<Response>;

interface FetchOptions extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>;
}

interface FetchPayload {
  readonly context: { readonly request?: Request };
  readonly fetchFn: Fetch;
  setFetchFn(fetchFn: Fetch): void;
}

interface Caller {
  readonly viewer: Viewer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Tells the fetch below which subgraph it calls. It is not sent. */
const subgraphHeader = 'x-called-subgraph';

/**
 * Authenticates clients as our own gateway does, and signs each call to a subgraph.
 *
 * The token is among the headers of a call before Hive Gateway compares it with the calls in flight. Equal calls share one answer. So
 * calls of two viewers must differ.
 */
export function signCalls(signing: Signing) {
  const callers = new WeakMap<Request, Caller>();
  const signers = new Map<string, CallSigner>();

  function findSigner(audience: string): CallSigner {
    let signer = signers.get(audience);
    if (signer === undefined) signers.set(audience, (signer = new CallSigner({ signer: signing.signer, audience })));
    return signer;
  }

  return {
    async onRequest({ request, serverContext, endResponse }: RequestPayload): Promise<void> {
      const requestId = request.headers.get('x-request-id') ?? randomUUID();
      const { viewer, refusal } = await signing.identifyCaller(
        request.headers.get('authorization') ?? undefined,
        requestId,
      );
      if (refusal !== undefined) {
        const { status, headers, body } = refusal;
        return endResponse(Response.json(body, { status, headers }));
      }
      const ip = serverContext?.req?.socket.remoteAddress ?? null;
      callers.set(request, {
        viewer,
        headers: createHeaders({ requestId, ip, userAgent: request.headers.get('user-agent') }),
      });
    },

    async onSubgraphExecute({ subgraphName, executionRequest }: ExecutePayload): Promise<void> {
      const caller = findCaller(executionRequest.context?.request);
      if (caller === undefined) return;
      const token = await signing.signer.sign(caller.viewer, subgraphName);
      executionRequest.extensions = {
        ...executionRequest.extensions,
        headers: {
          ...executionRequest.extensions?.headers,
          ...caller.headers,
          [subgraphHeader]: subgraphName,
          [internalToken.header]: token,
        },
      };
    },

    onFetch({ context, fetchFn, setFetchFn }: FetchPayload): void {
      const caller = findCaller(context.request);
      if (caller === undefined) return;
      setFetchFn((url, options, ...rest) => {
        const { [subgraphHeader]: subgraph, ...headers } = options.headers ?? {};
        if (subgraph === undefined) return fetchFn(url, options, ...rest);
        return findSigner(subgraph).send(
          caller.viewer,
          (signed) => fetchFn(url, { ...options, headers: { ...headers, ...signed } }, ...rest),
          findChallenge,
        );
      });
    },

    onDispose: () => signing.close(),
  };

  function findCaller(request: Request | undefined): Caller | undefined {
    return request && callers.get(request);
  }
}

function findChallenge(response: Response): string | undefined {
  const challenge = response.status === 401 ? response.headers.get(clockExchange.challengeHeader) : null;
  if (challenge === null) return undefined;
  // The connection is free again when the body has been read.
  void response.body?.cancel();
  return challenge;
}
