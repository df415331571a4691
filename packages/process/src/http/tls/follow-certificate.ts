import type { SecureContextOptions } from 'node:tls';
import type { Logger } from '../../log/create-logger.ts';
import { readCertificate, type Certificate, type CertificateFiles } from './certificate.ts';

/** How often the files are read, in milliseconds. */
const defaultIntervalMs = 10_000;

/** A certificate that expires sooner is worth a warning, in milliseconds. */
const soonMs = 7 * 24 * 60 * 60 * 1000;

/**
 * Gives a server its new certificate when the files change. Connections that are open keep the old one. Files that cannot be used are
 * logged once, and the server keeps the certificate that it has.
 *
 * The files are read again and compared: events of the file system get lost where a file is replaced by a link, as in Kubernetes.
 *
 * @param current the certificate that the server has
 * @param options.intervalMs how often the files are read. Default: 10,000.
 * @returns stops it
 */
export function followCertificate(
  server: { setSecureContext(options: SecureContextOptions): void },
  current: Certificate,
  options: CertificateFiles & { readonly logger: Logger; readonly intervalMs?: number },
): () => void {
  const { logger, intervalMs = defaultIntervalMs } = options;
  let { cert, key } = current;
  let failure = '';
  let isReading = false;
  warnOfExpiry(current, logger);

  async function renew(): Promise<void> {
    const read = await readCertificate(options);
    if (failure !== '') logger.info('the files of the TLS certificate can be used again');
    failure = '';
    if (read.cert === cert && read.key === key) return;
    server.setSecureContext({ cert: read.cert, key: read.key });
    ({ cert, key } = read);
    logger.info({ names: read.names, validTo: read.validTo }, 'the TLS certificate was renewed');
    warnOfExpiry(read, logger);
  }

  const timer = setInterval(() => {
    if (isReading) return;
    isReading = true;
    renew()
      .catch((error: Error) => {
        if (error.message !== failure)
          logger.error({ err: error }, 'the TLS certificate was not renewed, the old one stays');
        failure = error.message;
      })
      .finally(() => (isReading = false));
  }, intervalMs).unref();
  return () => clearInterval(timer);
}

function warnOfExpiry({ names, validTo }: Certificate, logger: Logger): void {
  const time = validTo.toISOString();
  if (validTo.getTime() < Date.now()) logger.warn({ names, validTo }, `the TLS certificate has expired at ${time}`);
  else if (validTo.getTime() < Date.now() + soonMs)
    logger.warn({ names, validTo }, `the TLS certificate expires soon, at ${time}`);
}
