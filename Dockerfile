# syntax=docker/dockerfile:1
# One image for every process. The command chooses a program of dist/, the same ones as `npm start` runs.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS source
WORKDIR /app
COPY . .

FROM source AS build
# The set-up of `npm start`: dependencies, Prisma clients, bundles. The committed supergraph is used.
RUN --mount=type=cache,target=/root/.npm node --input-type=module --eval \
    "import { setUp } from './scripts/setup/set-up.mjs'; await setUp({ root: process.cwd(), generateCommitted: false, graphiql: false });"

FROM source AS dependencies
# Without the embedded PostgreSQL, which is an optional dependency: containers have a server of their own.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --omit=dev --omit=optional

FROM source AS files
# The files that the programs read at run time.
RUN mkdir /runtime && cp --parents -r package.json .env.example scripts/healthcheck.mjs prisma gateway/supergraph.graphql \
    clients/typescript/persisted-operations.json subgraphs/*/schema.graphql /runtime

FROM ${NODE_IMAGE}
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /app
COPY --from=files /runtime ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
CMD ["node", "dist/gateway.js"]
