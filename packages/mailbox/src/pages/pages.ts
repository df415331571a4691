import { errorBody } from '@shop/process';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Message, Messages } from '../messages.ts';
import { type Markup, markup } from './markup.ts';
import { layout, pagePolicy } from './layout.ts';
import { framePolicy, openLinksInTabs, sandbox } from './message-frame.ts';

/** The pages: the list at `/`, a message at `/messages/:id`, and its HTML part for the frame of that page. */
export function addPages(app: FastifyInstance, messages: Messages): void {
  app.get<{ Querystring: Record<string, unknown> }>('/', async ({ query }, reply) => {
    const to = typeof query['to'] === 'string' ? query['to'].trim() : '';
    const found = await messages.list({ to: to === '' ? undefined : to, limit: 200 });
    return sendPage(reply, 'Mailbox', showList(to, found), pagePolicy);
  });

  app.get<{ Params: { id: string } }>('/messages/:id', async ({ params }, reply) => {
    const message = await messages.find(Number(params.id));
    if (message === undefined) return reply.code(404).send(errorBody('NOT_FOUND'));
    return sendPage(reply, message.subject || 'No subject', showMessage(message), pagePolicy);
  });

  app.get<{ Params: { id: string } }>('/messages/:id/html', async ({ params }, reply) => {
    const part = (await messages.find(Number(params.id)))?.html ?? null;
    if (part === null) return reply.code(404).send(errorBody('NOT_FOUND'));
    return send(reply, openLinksInTabs(part), framePolicy);
  });
}

function sendPage(reply: FastifyReply, title: string, content: Markup, policy: string) {
  return send(reply, layout(title, content), policy);
}

function send(reply: FastifyReply, text: string, policy: string) {
  return reply
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
    })
    .send(text);
}

function showList(to: string, found: readonly Message[]): Markup {
  return markup`<h1>Mailbox</h1>
<form method="get" action="/">
<label for="to">Recipient</label>
<input id="to" name="to" value="${to}" autocomplete="off" autocapitalize="none" spellcheck="false">
<button>Show</button>
<a href="/">Show all</a>
</form>
${found.length === 0 ? showNone(to) : showTable(found)}`;
}

function showNone(to: string): Markup {
  return markup`<p class="muted">There is no message${to === '' ? '' : ` to ${to}`}. Load this page again after one was sent.</p>`;
}

function showTable(found: readonly Message[]): Markup {
  const rows = found.map(
    ({ id, subject, to, receivedAt }) => markup`<tr>
<td><a href="/messages/${id}">${subject || 'No subject'}</a></td>
<td>${to.join(', ')}</td>
<td class="when">${showTime(receivedAt)}</td>
</tr>
`,
  );
  return markup`<table>
<thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Received</th></tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}

function showMessage({ id, subject, from, to, receivedAt, text, html, headers }: Message): Markup {
  const frame = markup`<h2>HTML</h2>
<iframe src="/messages/${id}/html" title="The message as HTML" sandbox="${sandbox}" referrerpolicy="no-referrer"></iframe>
`;
  return markup`<p><a href="/">All messages</a></p>
<h1>${subject || 'No subject'}</h1>
<table>
<tbody>
<tr><th scope="row">From</th><td>${from}</td></tr>
<tr><th scope="row">To</th><td>${to.join(', ')}</td></tr>
<tr><th scope="row">Received</th><td>${showTime(receivedAt)}</td></tr>
</tbody>
</table>
${html === null ? '' : frame}<h2>Text</h2>
<pre>${text}</pre>
<details>
<summary>Headers</summary>
<pre>${headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}</pre>
</details>`;
}

function showTime(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}
