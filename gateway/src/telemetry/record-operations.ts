import type { ApolloServerPlugin } from '@apollo/server';
import { type ErrorCode, errorCodes } from '@shop/process';
import type { GatewayContext } from '../context.ts';
import type { OperationOutcome, RequestRecord } from './request-record.ts';

/** Fills the record of each request with its operation, its outcome and the codes of its errors. */
export function recordOperations(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, operation, operationName, response }) {
          const { record } = contextValue;
          record.operation = operationName ?? undefined;
          record.type = operation?.operation;
          if (response.body.kind !== 'single') return;
          const { data, errors = [] } = response.body.singleResult;
          recordOutcome(record, errors, data != null && Object.values(data).some((value) => value != null));
        },
      };
    },
  };
}

/** @param hasData true when a root field is not null */
export function recordOutcome(
  record: RequestRecord,
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[],
  hasData: boolean,
): void {
  record.codes =
    errors.length === 0
      ? noCodes
      : [...new Set(errors.map(({ extensions }) => String(extensions?.['code'] ?? 'none')))];
  record.outcome = decideOutcome(record.codes, hasData);
}

const noCodes: readonly string[] = [];

/** True for the code of an error that the system has caused, and not the client. */
export function isFaultCode(code: string): boolean {
  const { status, isExposed } = errorCodes[code as ErrorCode] ?? { status: 500, isExposed: false };
  return !isExposed || (status !== undefined && status >= 500);
}

function decideOutcome(codes: readonly string[], hasData: boolean): OperationOutcome {
  if (codes.length === 0) return 'ok';
  const isFault = codes.some(isFaultCode);
  if (hasData) return isFault ? 'partial' : 'ok';
  return isFault ? 'failed' : 'refused';
}
