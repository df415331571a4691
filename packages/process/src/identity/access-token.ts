/** The fixed properties of access tokens, for the service that issues them and for the gateway. */
export const accessToken = {
  type: 'at+jwt',
  /** Clients renew a token after this time. */
  ttlSeconds: 15 * 60,
  /**
   * How far the clock of the database by whose time tokens are issued may be ahead of the gateway's
   * (docs/decisions/022-the-gateway-proves-its-time.md).
   */
  clockToleranceSeconds: 5 * 60,
} as const;
