import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  onRequestHookHandler,
} from 'fastify';
import type { ServedGraphs } from '../graph/served-graphs.ts';
import {
  createMutationRunner,
  type Outcome,
  type PageMutation,
  pageMutations,
  type RunMutation,
} from './run-mutation.ts';
import { chooseLanguage, texts } from './texts.ts';
import { type PageContent, pagePolicy, paths, writePage } from './write-page.ts';

/** Bytes of a form: a token and a password. */
const maxFormBytes = 8 * 1024;

/**
 * The pages that links in messages open, for a system without a shop of its own: they confirm an address, set a password, and end
 * messages about a topic. A GET changes nothing, since programs that look for malware open every link. A POST calls the graph.
 *
 * A page whose mutation the graph lacks does not exist, nor does one whose mutation is not of our services.
 *
 * @param options.onRequest run before the body is read
 */
export function addAccountPages(
  app: FastifyInstance,
  options: { graphs: Pick<ServedGraphs, 'current' | 'enter'>; onRequest: onRequestHookHandler[] },
): void {
  const { graphs } = options;
  const run = createMutationRunner(graphs);
  void app.register(async (pages) => {
    // Forms are read here only: `/graphql` must not accept what a page of another site can send without asking.
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data'])
      pages.addContentTypeParser(type, { parseAs: 'string', bodyLimit: maxFormBytes }, (_request, body, done) =>
        done(null, body),
      );
    for (const mutation of pageMutations) {
      const exists: onRequestAsyncHookHandler = async (_request, reply) =>
        graphs.current.hasServiceMutation(mutation) ? undefined : reply.callNotFound();
      const onRequest = [exists, ...options.onRequest];
      pages.get(paths[mutation], { onRequest }, async (request, reply) => {
        const token = readToken(new URLSearchParams(request.url.split('?')[1] ?? ''));
        const content = token === null ? { message: textsFor(request).invalidLink, isError: true } : { token };
        return sendPage(request, reply.code(token === null ? 400 : 200), { mutation, ...content });
      });
      pages.post(paths[mutation], { onRequest }, (request, reply) => handleForm(mutation, run, request, reply));
    }
  });
}

async function handleForm(mutation: PageMutation, run: RunMutation, request: FastifyRequest, reply: FastifyReply) {
  // The token is what permits the change. This only keeps other sites from sending one that is their own.
  if (request.headers['sec-fetch-site'] === 'cross-site')
    return sendPage(request, reply.code(403), { mutation, message: textsFor(request).otherSite, isError: true });
  const form = readForm(request);
  // A mail program that ends messages with one click sends the link as it is (RFC 8058), so that the token is in the URL.
  const token = readToken(form) ?? readToken(new URLSearchParams(request.url.split('?')[1] ?? ''));
  if (token === null)
    return sendPage(request, reply.code(400), { mutation, message: textsFor(request).invalidLink, isError: true });
  const newPassword = form.get('newPassword') ?? '';
  const input = mutation === 'resetPassword' ? { token, newPassword } : { token };
  return sendOutcome(mutation, token, await run(mutation, input, request), request, reply);
}

function sendOutcome(
  mutation: PageMutation,
  token: string,
  outcome: Outcome,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { pages, invalidLink, invalidPassword, emailTaken, tooMany, unavailable } = textsFor(request);
  const fail = (status: number, message: string, retry: Partial<PageContent> = {}) =>
    sendPage(request, reply.code(status), { mutation, message, isError: true, ...retry });
  switch (outcome.kind) {
    case 'done':
      return sendPage(request, reply, { mutation, message: pages[mutation].done });
    case 'invalid-link':
      return fail(400, invalidLink);
    case 'email-taken':
      return fail(409, emailTaken);
    case 'too-many':
      if (outcome.retryAfter !== undefined) reply.header('retry-after', outcome.retryAfter);
      return fail(429, tooMany, { token });
    case 'unavailable':
      return fail(503, unavailable, { token });
    case 'invalid-input':
      return mutation === 'resetPassword' ? fail(400, invalidPassword, { token }) : fail(400, invalidLink);
    default:
      return outcome satisfies never;
  }
}

/** The fields of a form. Of a body in several parts, only a one-click message has it, whose one field is not needed. */
function readForm(request: FastifyRequest): URLSearchParams {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return new URLSearchParams(isForm && typeof request.body === 'string' ? request.body : '');
}

/** The token of a link, or null for one that no message has. */
function readToken(parameters: URLSearchParams): string | null {
  const token = parameters.get('token') ?? '';
  return /^[\x21-\x7e]{1,1000}$/.test(token) ? token : null;
}

const textsFor = (request: FastifyRequest) => texts[chooseLanguage(request.headers['accept-language'])];

function sendPage(request: FastifyRequest, reply: FastifyReply, content: Omit<PageContent, 'language'>): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy,
      // The token in the page's address must not reach another site, a cache or a search engine.
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
      vary: 'accept-language',
    })
    .send(writePage({ ...content, language: chooseLanguage(request.headers['accept-language']) }));
}
