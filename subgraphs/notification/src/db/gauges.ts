import type { DatabaseGauges } from '@shop/subgraph';

interface Row {
  readonly status: string;
  readonly count: number;
  readonly oldestSeconds: number;
}

/** By the index over status and time. Messages that were sent are many, and are counted when they are sent. */
const select = `
SELECT s.status, coalesce(m.count, 0)::float8 AS count, coalesce(m.age, 0)::float8 AS "oldestSeconds"
FROM unnest(ARRAY['QUEUED', 'FAILED']) AS s(status) CROSS JOIN LATERAL (
  SELECT count(*) AS count, extract(epoch FROM clock_timestamp() - min(created_at)) AS age
  FROM notifications WHERE status = s.status::"NotificationStatus") AS m`;

/** The messages that are not sent. */
export const gauges: readonly DatabaseGauges[] = [
  {
    name: 'notifications',
    gauges: {
      shop_messages_unsent: {
        help: 'Messages that wait to be sent, and those that failed and are kept',
        labels: ['status'],
      },
      shop_messages_oldest_queued_seconds: { help: 'Age of the oldest message that waits to be sent, or 0' },
    },
    read: async (sql) => {
      const rows = await sql.query<Row>(select);
      return {
        shop_messages_unsent: rows.map(({ status, count }) => ({ labels: { status }, value: count })),
        shop_messages_oldest_queued_seconds: rows.find(({ status }) => status === 'QUEUED')?.oldestSeconds ?? 0,
      };
    },
  },
];
