# syntax=docker/dockerfile:1
# One image for every process: the command chooses which bundle of dist/ runs, the same as `npm start` runs.
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS source
WORKDIR /app
COPY . .

FROM source AS build
# The set-up of `npm start`: dependencies, Prisma clients, bundles. The supergraph is taken as it was committed.
RUN --mount=type=cache,target=/root/.npm node --input-type=module --eval \
    "import { setUp } from './scripts/setup/set-up.mjs'; await setUp({ root: process.cwd(), generateCommitted: false, graphiql: false });"

FROM source AS dependencies
# Without the embedded PostgreSQL, which is an optional dependency: containers have a server of their own.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --omit=dev --omit=optional

FROM ${NODE_IMAGE}
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /app
COPY package.json .env.example ./
COPY scripts/healthcheck.mjs scripts/
COPY prisma prisma
COPY gateway/supergraph.graphql gateway/
COPY clients/typescript/persisted-operations.json clients/typescript/
COPY subgraphs/user/schema.graphql subgraphs/user/
COPY subgraphs/product/schema.graphql subgraphs/product/
COPY subgraphs/order/schema.graphql subgraphs/order/
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
CMD ["node", "dist/gateway.js"]
