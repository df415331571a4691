import { unavailable } from '@shop/graphql';
import { HasherBusyError } from '../auth/password-hasher.ts';

/** Passes on an error, as SERVICE_UNAVAILABLE with a message when too many passwords are being hashed. */
export const unavailableWhenBusy = (message: string) => (error: unknown) => {
  throw error instanceof HasherBusyError ? unavailable(message) : error;
};
