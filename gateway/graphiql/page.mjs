// The page of /graphiql, for the browser: scripts/graphiql.mjs bundles it into dist/graphiql.
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { firstDocument } from '../src/plugins/first-document.ts';
import { freeTextHeader } from '../src/persisted-operations/free-text-header.ts';

const workers = { json: 'json-worker', graphql: 'graphql-worker' };

// Where Monaco finds its workers: beside the page, and nowhere else.
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(`/graphiql/${workers[label] ?? 'editor-worker'}.js`, { name: label }),
};

async function fetcher(request, { headers } = {}) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      [freeTextHeader]: 'graphiql',
      ...headers,
    },
    body: JSON.stringify(request),
  });
  return answer.json();
}

/** The browser's storage, but that headers stay out of it: the history would keep the tokens of each request. */
const storage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, withoutHeaders(value)),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
  get length() {
    return localStorage.length;
  },
};

function withoutHeaders(text) {
  try {
    return JSON.stringify(JSON.parse(text), (name, value) => (name === 'headers' ? undefined : value));
  } catch {
    return text; // a query
  }
}

createRoot(document.getElementById('graphiql')).render(
  createElement(GraphiQL, {
    fetcher,
    storage,
    defaultQuery: firstDocument,
    defaultHeaders: JSON.stringify({ Authorization: 'Bearer ' }, null, 2),
    defaultEditorToolsVisibility: 'headers',
    // A token stays in the tab that it was typed in.
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  }),
);
