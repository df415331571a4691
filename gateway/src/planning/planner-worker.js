// @ts-check
// The program of the planner's worker thread. It is JavaScript, because a worker thread is started from the file itself, also in tests.
// It gets the text of one operation at a time, and answers with the text of its plan, or with the planner's reason to refuse it.
import { parentPort, workerData } from 'node:worker_threads';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { yieldToOthers } from './yield-to-others.js';

yieldToOthers();
const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const { supergraphSdl } = /** @type {{ supergraphSdl: string }} */ (workerData);
// The gateway validates it.
const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
const schema = supergraph.apiSchema();
const planner = new QueryPlanner(supergraph);

port.on('message', (/** @type {string} */ text) => {
  let answer;
  try {
    const operation = operationFromDocument(schema, parse(text, { noLocation: true }));
    answer = { plan: JSON.stringify(planner.buildQueryPlan(operation)) };
  } catch (error) {
    answer = { refusal: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
});
port.postMessage({ isReady: true });
