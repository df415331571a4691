# syntax=docker/dockerfile:1
# One image for every process. The command chooses a program of dist/, the same ones as `npm start` runs.
ARG NODE_IMAGE=node:24-bookworm-slim

# The bundles and generated files are the same on every platform, so they are made on the one of the builder.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS source
WORKDIR /app
COPY . .

FROM source AS build
# `true` adds the page of /graphiql, which the gateway serves outside production.
ARG GRAPHIQL=false
# The set-up of `npm start`: dependencies, Prisma clients, bundles. The committed supergraph is used.
RUN --mount=type=cache,target=/root/.npm node --input-type=module --eval \
    "import { setUp } from './scripts/setup/set-up.mjs'; const graphiql = process.env.GRAPHIQL === 'true'; \
    await setUp({ root: process.cwd(), generateCommitted: false, graphiql });"

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY . .
# Without the embedded PostgreSQL, which is an optional dependency: containers have a server of their own.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --omit=dev --omit=optional

FROM source AS files
# The files that the programs read at run time.
RUN mkdir /runtime && cp --parents -r package.json .env.example scripts/healthcheck.sh prisma gateway/supergraph.graphql \
    clients/typescript/persisted-operations.json subgraphs/*/schema.graphql /runtime

FROM ${NODE_IMAGE} AS app
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /app
COPY --from=files /runtime ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# V8's code is that of one processor and version of Node, so that of the builder is replaced.
RUN for cache in dist/*.cjs.cache; do node "${cache%.cjs.cache}.js" --write-code-cache || exit 1; done
# A new volume gets the owner of the directory that it covers.
RUN install --directory --owner=node --group=node --mode=0700 /backups
USER node
CMD ["node", "dist/gateway.js"]
