/** The form in which e-mails are compared: unique without regard to case. */
export function emailKey(email: string): string {
  return email.normalize('NFC').toLowerCase();
}
