import { serviceNames, topology } from '@shop/contracts';
import { brokerStorageBytes } from '@shop/messaging';
import { natsUsers } from '@shop/stack';
import { secretsName, secretVariable, variable } from './objects.ts';

/** Every user of the broker, with a placeholder for its password. */
const users = natsUsers(topology, (user) => `$NATS_${user.toUpperCase()}_PASSWORD`);

/** The variables of the passwords of the broker's users. */
export const brokerPasswords: readonly string[] = users.map(({ password }) => password.slice(1));

/**
 * The part of the broker's configuration that follows from the table of services, for `include`. nats-server replaces
 * `$NAME` outside of quotes by the variable of the environment.
 */
export function formatBrokerTopology(): string {
  const authorization = {
    users: users.map(({ name, password, permissions }) => ({
      user: name,
      password,
      ...(permissions && {
        permissions: { publish: { allow: permissions.publish }, subscribe: { allow: permissions.subscribe } },
      }),
    })),
  };
  const quoted = JSON.stringify(authorization, null, 2);
  return [
    '# Written by npm run generate from the table of services in packages/contracts/src/services.ts.',
    `# ${serviceNames.length} streams of 1 GiB, and one more.`,
    `STREAM_BYTES: ${brokerStorageBytes(topology)}`,
    `authorization: ${quoted.replace(/"(\$NATS_[A-Z_]+)"/g, '$1')}`,
    '',
  ].join('\n');
}

/**
 * A patch that gives the broker's container the passwords of its users. nats-server reads the value of a variable as a part of its
 * configuration, where a password of digits would be a number: each is given to it in quotes.
 */
export function describeBrokerPasswords(): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'nats' },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'nats',
              env: brokerPasswords.flatMap((name) => [
                secretVariable(`SECRET_${name}`, secretsName, name),
                variable(name, `"$(SECRET_${name})"`),
              ]),
            },
          ],
        },
      },
    },
  };
}
