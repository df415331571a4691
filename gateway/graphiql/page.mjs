// The page of /graphiql, for the browser. scripts/graphiql.mjs bundles it into dist/graphiql.
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { freeTextHeader } from '../src/persisted-operations/free-text-header.ts';
import order from './operations/order.graphql';
import pay from './operations/pay.graphql';
import products from './operations/products.graphql';
import signIn from './operations/sign-in.graphql';
import watchOrder from './operations/watch.graphql';
import { createSession } from './session.ts';
import { isSubscription, watch } from './watch.ts';

const workers = { json: 'json-worker', graphql: 'graphql-worker' };

// Monaco finds its workers beside the page.
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(`/graphiql/${workers[label] ?? 'editor-worker'}.js`, { name: label }),
};

// crypto.randomUUID exists on HTTPS and localhost only.
const createUuid = () =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );

const session = createSession(createUuid);

/** Subscriptions use a WebSocket at the URL of all other operations. */
const subscriptionUrl = new URL('/graphql', location.href.replace(/^http/, 'ws')).href;

async function fetcher(request, { headers, documentAST } = {}) {
  let filled;
  try {
    filled = session.fillVariables(request);
  } catch (error) {
    return { errors: [{ message: error.message }] };
  }
  if (isSubscription(documentAST, filled.operationName))
    return watch(subscriptionUrl, filled, session.addToken(headers ?? {}));
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      [freeTextHeader]: 'graphiql',
      ...session.addToken(headers ?? {}),
    },
    body: JSON.stringify(filled),
  });
  if (response.status === 401) session.signOut();
  const answer = await response.json();
  session.remember(answer.data);
  return answer;
}

/** Keys under which GraphiQL stores tabs and history, with the headers of each request. */
const keysWithHeaders = new Set(['graphiql:tabState', 'graphiql:queries', 'graphiql:favorites']);

/** The browser's storage without headers: otherwise the history would keep the tokens of each request. */
const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, keysWithHeaders.has(key) ? removeHeaders(value) : value),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

function removeHeaders(text) {
  return JSON.stringify(JSON.parse(text), (name, value) => (name === 'headers' ? null : value));
}

const toJson = (value) => JSON.stringify(value, null, 2);
const headers = toJson({ Authorization: 'Bearer ' });
const account = { email: 'ada@example.com', password: 'correct horse battery staple', name: 'Ada' };
const defaultTabs = [
  { query: signIn, variables: account },
  { query: products, variables: { first: 5 } },
  { query: order, variables: { productId: '{{productId}}', quantity: 1, idempotencyKey: '{{uuid}}' } },
  { query: watchOrder, variables: { orderId: '{{orderId}}' } },
  { query: pay, variables: { orderId: '{{orderId}}', paymentToken: 'tok_visa', idempotencyKey: '{{uuid}}' } },
].map(({ query, variables }) => ({ query, variables: toJson(variables), headers }));

/** The tabs are operations of the shop. The gateway may serve a supergraph without them. */
async function hasShop() {
  const query = '{ __type(name: "Mutation") { fields { name } } }';
  const { data } = await fetcher({ query }).catch(() => ({}));
  return data?.__type?.fields?.some(({ name }) => name === 'placeOrder') === true;
}

const tabs = (await hasShop()) ? defaultTabs : [{ query: '', variables: '', headers }];
const isFirstVisit = localStorage.getItem('graphiql:tabState') === null;

createRoot(document.getElementById('graphiql')).render(
  createElement(GraphiQL, {
    fetcher,
    storage,
    defaultTabs: tabs,
    defaultQuery: '',
    // On a first visit, GraphiQL would show the first tab without its variables. Later it restores what it stored.
    ...(isFirstVisit ? { initialVariables: tabs[0].variables } : {}),
    defaultHeaders: headers,
    defaultEditorToolsVisibility: 'variables',
    // A token stays in the tab that it was typed in.
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  }),
);
