import { ConfigError } from '@shop/process';
import { z } from 'zod';
import type { SmtpOptions } from './smtp/open-smtp.ts';
import { readSmtpUrl } from './smtp/read-smtp-url.ts';

/** The variables of a service that sends mail, for the `shape` of `loadConfig`. */
export const mailFields = {
  SMTP_URL: z.string().superRefine((url, context) => {
    try {
      readSmtpUrl(url);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  }),
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\p{Cc}]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u, {
      message: 'must be an address, or a name with an address in angle brackets',
    })
    .default('Shop <no-reply@localhost>'),
  DKIM_DOMAIN: z.string().optional(),
  DKIM_SELECTOR: z.string().optional(),
  DKIM_PRIVATE_KEY: z
    .string()
    .transform((text) => text.replaceAll('\\n', '\n'))
    .refine((pem) => /^-----BEGIN (RSA )?PRIVATE KEY-----\n/.test(pem), { message: 'must be a private key in PEM' })
    .optional(),
};

/**
 * The settings of {@link openSmtp} from the variables of {@link mailFields}.
 *
 * @param service - For the error message.
 * @throws ConfigError when only some of the variables for DKIM are set
 */
export function readMailOptions(
  service: string,
  read: z.infer<z.ZodObject<typeof mailFields>>,
): Pick<SmtpOptions, 'url' | 'from' | 'dkim'> {
  const { DKIM_DOMAIN: domainName, DKIM_SELECTOR: keySelector, DKIM_PRIVATE_KEY: privateKey } = read;
  const common = { url: read.SMTP_URL, from: read.MAIL_FROM };
  if (domainName !== undefined && keySelector !== undefined && privateKey !== undefined)
    return { ...common, dkim: { domainName, keySelector, privateKey } };
  const given = { DKIM_DOMAIN: domainName, DKIM_SELECTOR: keySelector, DKIM_PRIVATE_KEY: privateKey };
  const missing = Object.entries(given).filter(([, value]) => value === undefined);
  if (missing.length === 3) return common;
  throw new ConfigError(
    service,
    missing.map(([name]) => `${name} is missing: DKIM needs all three of its variables`),
  );
}
