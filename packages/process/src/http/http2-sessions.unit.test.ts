import { EventEmitter } from 'node:events';
import type { Http2SecureServer } from 'node:http2';
import { jest } from '@jest/globals';
import { limitSessions } from './http2-sessions.ts';

afterEach(() => void jest.useRealTimers());

test('a session that is destroyed, and not closed yet, has no socket to look at', () => {
  jest.useFakeTimers();
  const server = new EventEmitter();
  limitSessions(server as unknown as Http2SecureServer, { stallMs: 100, maxRequests: 0 });
  const destroy = jest.fn();
  const session = Object.assign(new EventEmitter(), { socket: undefined, destroy });
  server.emit('session', session);
  jest.advanceTimersByTime(300);
  expect(destroy).not.toHaveBeenCalled();
  session.emit('close');
  expect(jest.getTimerCount()).toBe(0);
});
