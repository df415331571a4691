export { type MailboxConfig, type RunningMailbox, startMailbox } from './start-mailbox.ts';
