import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ExpectedError } from '../../errors/expected-error.ts';

/** The files of a certificate, in PEM. */
export interface CertificateFiles {
  /** The certificate of the server first, then those of its issuers. */
  readonly certFile: string;
  /** Its private key, without a passphrase. */
  readonly keyFile: string;
}

/** A certificate with its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** The names and addresses that it is for, as OpenSSL writes them. */
  readonly names: string;
  /** When it expires. */
  readonly validTo: Date;
}

/**
 * Reads and checks a certificate.
 *
 * @throws ExpectedError when a file cannot be read, is not PEM, or when the key belongs to another certificate
 */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readText(certFile, 'TLS_CERT_FILE'), readText(keyFile, 'TLS_KEY_FILE')]);
  const certificate = attempt(
    () => new X509Certificate(cert),
    `${certFile} is not a certificate in PEM. Set TLS_CERT_FILE to one that begins with -----BEGIN CERTIFICATE-----.`,
  );
  const privateKey = attempt(
    () => createPrivateKey(key),
    `${keyFile} is not a private key in PEM without a passphrase. Set TLS_KEY_FILE to one.`,
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw new ExpectedError(`The key in ${keyFile} does not belong to the certificate in ${certFile}.`);
  attempt(() => createSecureContext({ cert, key }), `The certificate in ${certFile} cannot be used for TLS.`);
  return {
    cert,
    key,
    names: certificate.subjectAltName ?? certificate.subject,
    validTo: new Date(certificate.validTo),
  };
}

async function readText(file: string, variable: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ExpectedError(`${file} cannot be read (${cause.code}). Correct ${variable}.`);
  });
}

function attempt<Result>(read: () => Result, message: string): Result {
  try {
    return read();
  } catch (cause) {
    throw new ExpectedError(message, { cause });
  }
}
