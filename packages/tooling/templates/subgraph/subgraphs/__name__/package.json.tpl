{
  "name": "@shop/subgraph-__name__",
  "version": "0.1.0",
  "private": true,
  "license": "MIT",
  "type": "module",
  "dependencies": {
    "@prisma/client": "7.10.0",
    "@shop/access": "*",
    "@shop/contracts": "*",
    "@shop/graphql": "*",
    "@shop/messaging": "*",
    "@shop/process": "*",
    "@shop/subgraph": "*",
    "dataloader": "^2.2.3",
    "zod": "^4.6.0"
  }
}
