// The configuration of a Hive Gateway without a plugin. It only forwards headers, to the signing proxy.
import { readFileSync } from 'node:fs';

const proxy = process.env.SIGNING_PROXY_URL ?? 'http://127.0.0.1:4030';
const supergraph = process.env.SUPERGRAPH_FILE ?? 'gateway/supergraph.graphql';
const subgraphs = [...readFileSync(supergraph, 'utf8').matchAll(/@join__graph\(name: "([^"]+)"/g)].map(
  ([, name]) => name,
);
const forwarded = ['authorization', 'user-agent', 'x-forwarded-for'];

export const gatewayConfig = {
  supergraph,
  host: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.GATEWAY_PORT ?? 4000),
  transportEntries: Object.fromEntries(subgraphs.map((name) => [name, { location: `${proxy}/${name}` }])),
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) =>
      Object.fromEntries(forwarded.map((name) => [name, request.headers.get(name)])),
  },
};
