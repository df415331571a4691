import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nameVariables, serviceNames } from '@shop/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { updateDevComposeFile } from '../src/generators/containers.ts';

/** The part of the Compose specification that the additional files use. `strictObject` rejects a misspelt key. */
const service = z.strictObject({
  image: z.string().optional(),
  init: z.boolean().optional(),
  user: z.string().optional(),
  working_dir: z.string().optional(),
  command: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  mem_limit: z.string().optional(),
  cpus: z.string().optional(),
  pids_limit: z.int().optional(),
  networks: z.array(z.enum(['front', 'back'])).optional(),
  restart: z.enum(['no', 'unless-stopped']).optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.literal('ALL')).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_signal: z.string().optional(),
  stop_grace_period: z.string().optional(),
  tmpfs: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()).optional(),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).optional(),
  volumes: z.array(z.string()).optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
});
const file = z.strictObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()).optional(),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })).optional(),
});

const read = (name: string) => {
  const text = readFileSync(name, 'utf8');
  // Compose's own tag, which removes what the first file says.
  return { text, compose: file.parse(parse(text.replaceAll('!reset ', ''))) };
};
const main = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true, maxAliasCount: -1 }) as {
  services: object;
};
const documented = readFileSync('.env.example', 'utf8');

describe.each(['docker-compose.dev.yml', 'deploy/edge/compose.nginx.yml', 'deploy/edge/compose.traefik.yml'])(
  '%s',
  (name) => {
    const { text, compose } = read(name);

    test('changes or waits for services of docker-compose.yml, and uses what it declares', () => {
      for (const [service, { image, depends_on = {}, configs = [], volumes = [] }] of Object.entries(
        compose.services,
      )) {
        if (image === undefined) expect(Object.keys(main.services)).toContain(service);
        for (const needed of Object.keys(depends_on)) expect(Object.keys(main.services)).toContain(needed);
        for (const { source } of configs) expect(Object.keys(compose.configs ?? {})).toContain(source);
        for (const volume of volumes.map((each) => String(each.split(':')[0]))) {
          // The user puts the certificate there. Paths start at the first file.
          if (volume.startsWith('.')) expect(volume === './deploy/edge/tls' || existsSync(volume)).toBe(true);
          else expect(Object.keys(compose.volumes ?? {})).toContain(volume);
        }
      }
    });

    test('has a line in .env.example for each variable, and a version of each image', () => {
      for (const [, variable] of text.matchAll(/\$\{([A-Z_]+)/g))
        expect(documented).toMatch(new RegExp(`^(# )?${String(variable)}=`, 'm'));
      for (const { image } of Object.values(compose.services))
        if (image !== undefined) expect(image).toMatch(/^(\$\{[A-Z_]+:-)?[a-z0-9/-]+:[a-z0-9.-]+\}?$/);
    });
  },
);

describe('docker-compose.dev.yml', () => {
  const { text, compose } = read('docker-compose.dev.yml');

  test('runs a script of package.json on the mounted sources, with the databases of docker-compose.yml', () => {
    const { command = [], volumes, environment, ports } = compose.services['dev'] ?? {};
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    expect(command.slice(0, 2)).toEqual(['npm', 'run']);
    expect(Object.keys(scripts)).toContain(command[2]);
    expect(volumes).toContain('.:/app');
    for (const name of serviceNames)
      expect(environment?.[nameVariables(name).databaseUrl]).toMatch(
        new RegExp(`^postgres://shop_${name}:.*@postgres:5432/shop_${name}$`),
      );
    expect(ports?.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('registers every database in pgAdmin, which starts with its profile only', () => {
    const { Servers } = JSON.parse(compose.configs?.['pgadmin']?.content ?? '') as {
      Servers: Record<string, { Host: string; MaintenanceDB: string; Username: string }>;
    };
    expect(Object.values(Servers).map(({ Host, MaintenanceDB, Username }) => [Host, MaintenanceDB, Username])).toEqual(
      serviceNames.map((name) => ['postgres', `shop_${name}`, `shop_${name}`]),
    );
    expect(compose.services['pgadmin']).toMatchObject({ profiles: ['pgadmin'] });
    expect(compose.services['pgadmin']?.ports?.[0]).toMatch(/^127\.0\.0\.1:/);
  });

  test('has blocks that are up to date', () => {
    expect(updateDevComposeFile(text)).toBe(text);
  });
});

describe('the proxies', () => {
  test.each(['nginx', 'traefik'])('%s runs without rights, and the gateway is reached through it alone', (name) => {
    const { text, compose } = read(path.join('deploy/edge', `compose.${name}.yml`));
    expect(compose.services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(compose.services[name]?.user).toBeDefined();
    expect(text).toContain('ports: !reset []');
    expect(compose.services['gateway']?.environment).toHaveProperty('TRUST_PROXY');
  });
});
