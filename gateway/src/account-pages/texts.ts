import type { PageMutation } from './run-mutation.ts';

export type Language = 'en' | 'de';

/** The texts of one page. */
export interface PageTexts {
  readonly title: string;
  readonly explanation: string;
  readonly button: string;
  readonly done: string;
}

export interface Texts {
  readonly pages: Readonly<Record<PageMutation, PageTexts>>;
  readonly newPassword: string;
  readonly passwordRule: string;
  readonly invalidPassword: string;
  readonly invalidLink: string;
  readonly emailTaken: string;
  readonly tooMany: string;
  readonly unavailable: string;
  readonly otherSite: string;
}

export const texts: Readonly<Record<Language, Texts>> = {
  en: {
    pages: {
      verifyEmail: {
        title: 'Confirm your e-mail address',
        explanation: 'Please confirm that this e-mail address belongs to you.',
        button: 'Confirm e-mail address',
        done: 'Your e-mail address is confirmed. You can close this page.',
      },
      resetPassword: {
        title: 'Choose a new password',
        explanation: 'Where you are signed in, you are signed out when you set it.',
        button: 'Save new password',
        done: 'Your new password is set. Sign in with it.',
      },
      unsubscribe: {
        title: 'Stop these mails',
        explanation: 'If you continue, you get no more mails about this topic. Mails about your account still arrive.',
        button: 'Stop these mails',
        done: 'You get no more mails about this topic.',
      },
    },
    newPassword: 'New password',
    passwordRule: '12 to 256 characters, and none of the most common passwords.',
    invalidPassword:
      'This password is not accepted. Choose one of 12 to 256 characters that is not among the most common ones.',
    invalidLink: 'This link is incomplete, too old, or was used already.',
    emailTaken: 'Another account has confirmed this e-mail address meanwhile.',
    tooMany: 'There were too many attempts. Please wait a few minutes, and try again.',
    unavailable: 'This does not work at the moment. Please try again in a few minutes.',
    otherSite: 'This form was sent by another site. Open the link of the message again.',
  },
  de: {
    pages: {
      verifyEmail: {
        title: 'E-Mail-Adresse bestätigen',
        explanation: 'Bitte bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört.',
        button: 'E-Mail-Adresse bestätigen',
        done: 'Ihre E-Mail-Adresse ist bestätigt. Sie können diese Seite schließen.',
      },
      resetPassword: {
        title: 'Neues Passwort wählen',
        explanation: 'Wo Sie angemeldet sind, werden Sie dabei abgemeldet.',
        button: 'Neues Passwort speichern',
        done: 'Ihr neues Passwort gilt. Melden Sie sich damit an.',
      },
      unsubscribe: {
        title: 'E-Mails abbestellen',
        explanation:
          'Wenn Sie fortfahren, erhalten Sie keine E-Mails zu diesem Thema mehr. E-Mails zu Ihrem Konto kommen weiterhin.',
        button: 'E-Mails abbestellen',
        done: 'Sie erhalten keine E-Mails zu diesem Thema mehr.',
      },
    },
    newPassword: 'Neues Passwort',
    passwordRule: '12 bis 256 Zeichen, und keines der häufigsten Passwörter.',
    invalidPassword:
      'Dieses Passwort wird nicht angenommen. Wählen Sie eines mit 12 bis 256 Zeichen, das nicht zu den häufigsten gehört.',
    invalidLink: 'Dieser Link ist unvollständig, zu alt oder wurde schon benutzt.',
    emailTaken: 'Ein anderes Konto hat diese E-Mail-Adresse inzwischen bestätigt.',
    tooMany: 'Es gab zu viele Versuche. Bitte warten Sie einige Minuten, und versuchen Sie es dann erneut.',
    unavailable: 'Das ist gerade nicht möglich. Bitte versuchen Sie es in einigen Minuten erneut.',
    otherSite: 'Dieses Formular wurde von einer anderen Seite gesendet. Öffnen Sie den Link der Nachricht noch einmal.',
  },
};

/** The language that a browser prefers, of those that the pages have. */
export function chooseLanguage(header: string | undefined): Language {
  const wishes = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find((each) => each !== undefined);
      return { language: tag.split('-')[0] ?? '', quality: Number(quality ?? 1) };
    })
    .filter(({ language, quality }) => (language === 'en' || language === 'de') && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wishes[0]?.language === 'de' ? 'de' : 'en';
}
