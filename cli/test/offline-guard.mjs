// Loaded before a program by `node --import`. A program that opens a connection or looks up a name ends with 99.
import dns from 'node:dns';
import net from 'node:net';
import { writeSync } from 'node:fs';

const refuse = (what) => () => {
  writeSync(2, `offline guard: ${what}\n`);
  process.exit(99);
};
net.Socket.prototype.connect = refuse('a connection was opened');
net.Server.prototype.listen = refuse('a port was opened');
dns.lookup = refuse('a name was looked up');
