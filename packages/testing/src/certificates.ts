import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generate } from 'selfsigned';

/** A certificate for `localhost` and 127.0.0.1, in PEM, and its key. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** @param days until it expires; negative for one that has expired */
export async function createCertificate(days = 30): Promise<TestCertificate> {
  const day = 24 * 60 * 60 * 1000;
  const extensions = [
    {
      name: 'subjectAltName' as const,
      altNames: [
        { type: 2 as const, value: 'localhost' },
        { type: 7 as const, ip: '127.0.0.1' },
      ],
    },
  ];
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    notBeforeDate: new Date(Date.now() - 365 * day),
    notAfterDate: new Date(Date.now() + days * day),
    extensions,
  });
  return { cert, key };
}

/** Writes `cert.pem` and `key.pem` as tools that renew certificates do: each file is replaced as a whole. */
export async function writeCertificate(folder: string, { cert, key }: TestCertificate) {
  const files = { certFile: path.join(folder, 'cert.pem'), keyFile: path.join(folder, 'key.pem') };
  for (const [file, text] of [
    [files.keyFile, key],
    [files.certFile, cert],
  ] as const) {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }
  return files;
}
