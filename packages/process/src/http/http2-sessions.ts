import type { Http2SecureServer, ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';

/** Fewer bytes in the time of a stall are those of an idle session: acknowledgements of pings. */
const progressBytes = 1_024;

/**
 * Bounds what one HTTP/2 session can hold. Node and nghttp2 bound headers, settings, invalid frames and resets of streams.
 *
 * - A session is cut when answers wait and the client has taken nothing of them between two checks, `stallMs` apart.
 * - A session ends after `maxRequests`, once those in progress are answered: then a client connects again, perhaps to another replica.
 *
 * @param options.maxRequests 0 is no limit
 */
export function limitSessions(
  server: Http2SecureServer,
  { stallMs, maxRequests }: { readonly stallMs: number; readonly maxRequests: number },
): void {
  server.on('session', (session) => {
    const streams = new Set<ServerHttp2Stream>();
    let requests = 0;
    let written = 0;
    let wasWaiting = false;
    session.on('stream', (stream) => {
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      requests += 1;
      if (requests === maxRequests) session.close();
    });
    const timer = setInterval(() => {
      // A destroyed session has no socket. It is closed only when its streams are.
      const bytesWritten = (session.socket as TLSSocket | undefined)?.bytesWritten;
      if (bytesWritten === undefined) return;
      const isWaiting = [...streams].some(({ writableLength }) => writableLength > 0);
      if (isWaiting && wasWaiting && bytesWritten - written < progressBytes) session.destroy();
      wasWaiting = isWaiting;
      written = bytesWritten;
    }, stallMs).unref();
    session.once('close', () => clearInterval(timer));
  });
}
