import { findServerRisk } from './server-risk.ts';

test.each([
  ['2.8.4', /older than 2\.9/],
  ['2.9.25', /every two minutes/],
  ['2.10.20', /lose a whole stream/],
  ['2.10.22', /lose a whole stream/],
  ['1.4.1', /older than 2\.9/],
  ['', /older than 2\.9/],
])('nats-server %s is warned of', (version, risk) => expect(findServerRisk(version)).toMatch(risk));

test.each(['2.10.0', '2.10.19', '2.10.23', '2.10.27', '2.11.20', '2.12.0-RC.1', '2.15.1', '3.0.0'])(
  'nats-server %s is not warned of',
  (version) => expect(findServerRisk(version)).toBeUndefined(),
);
