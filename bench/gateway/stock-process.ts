// The gateway that `npm run bench -- gateway` compares with: stock @apollo/gateway behind the standalone server of Apollo Server.
//
//   node dist/bench-gateway-stock.js SUPERGRAPH_FILE PORT
import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const [file = '', port = ''] = process.argv.slice(2);
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(file, 'utf8') });
await startStandaloneServer(new ApolloServer({ gateway }), { listen: { host: '127.0.0.1', port: Number(port) } });
