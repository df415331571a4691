export { mailFields, readMailOptions } from './config.ts';
export { type Locale, locales } from './rendering/locales.ts';
export { renderMail, type RenderedMail } from './rendering/render-mail.ts';
export {
  type DeadLetterData,
  type OrderData,
  type OrderLineData,
  type ProductData,
  type TaskData,
  type TemplateData,
  type TemplateName,
  templateNames,
} from './rendering/template-data.ts';
export { MailDeferred, MailRefused, MailUncertain } from './smtp/mail-errors.ts';
export { type DkimOptions, type Mail, openSmtp, type Smtp, type SmtpOptions } from './smtp/open-smtp.ts';
export { readSmtpUrl } from './smtp/read-smtp-url.ts';
