/** Normalises an e-mail for comparison: e-mails are unique without regard to case. */
export function emailKey(email: string): string {
  return email.normalize('NFC').toLowerCase();
}
