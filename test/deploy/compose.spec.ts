import { afterAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { parseConfig, type Config } from '../../libs/platform/src/config.js';
import {
  composeFile,
  dockerfile,
  imageEnvironment,
  MadeSecrets,
  stageOf,
  textOf,
  type ComposeService,
} from './compose-file.js';
import { composeFaults } from './compose-schema.js';

const publicUrl = 'https://index.city.example';
const compose = composeFile({ HOTLINE_PUBLIC_URL: publicUrl });
const services = Object.entries(compose.services);
const lasting = services.filter(([, { restart }]) => restart !== 'no');
const ours = services.filter(([, { build }]) => build?.target === 'service');
const secrets = new MadeSecrets();
afterAll(() => secrets.remove());

/** The settings of a container: those of the image, those of the file, and the secrets where they are mounted. */
function configOf({ environment = {}, secrets: given = [] }: ComposeService): Config {
  const env = Object.entries({ ...imageEnvironment('service'), ...environment }).map(([name, value]) => {
    const secret = /^\/run\/secrets\/(.+)$/.exec(value)?.[1];
    if (secret === undefined) return [name, value];
    expect(given).toContain(secret);
    return [name, secrets.path(secret)];
  });
  return parseConfig(Object.fromEntries(env) as Record<string, string>);
}

it('docker-compose.yml is a compose file', () => {
  expect(composeFaults(compose)).toEqual([]);
  const misspelt = { services: { api: { image: 'x', helthcheck: {}, deploy: { replicas: 'two or so' } } } };
  expect(composeFaults(misspelt).length).toBeGreaterThan(0);
});

it('has two api and two workers, the migrations before them, and the database and queue of their own', () => {
  expect(Object.keys(compose.services).sort()).toEqual(['api', 'migrate', 'postgres', 'proxy', 'redis', 'worker']);
  const { api, worker, migrate, proxy, postgres, redis } = compose.services as Record<string, ComposeService>;
  for (const each of [api, worker]) {
    expect(each?.deploy?.replicas).toBe(2);
    expect(each?.depends_on?.['migrate']?.condition).toBe('service_completed_successfully');
  }
  expect(migrate?.restart).toBe('no');
  expect(migrate?.depends_on?.['postgres']?.condition).toBe('service_healthy');
  expect(proxy?.depends_on?.['api']?.condition).toBe('service_healthy');
  expect(postgres?.image).toMatch(/^postgres:18\./);
  expect(redis?.image).toMatch(/^redis:/);
  const queue = readFileSync(new URL('../../deploy/redis.conf', import.meta.url), 'utf8');
  expect(queue).toMatch(/^appendonly yes$/m);
  expect(queue).toMatch(/^maxmemory-policy noeviction$/m);
});

describe('every container', () => {
  it.each(lasting)('%s says whether it is well', (_, { healthcheck }) => {
    expect(healthcheck?.disable ?? false).toBe(false);
    expect(healthcheck?.test?.length).toBeGreaterThan(1);
  });

  it.each(services)('%s is no root, changes nothing of its image, gains no right, and is bounded', (_, service) => {
    expect(service.user).toMatch(/^(node|postgres|redis|[1-9]\d*:[1-9]\d*)$/);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.deploy?.resources?.limits?.memory).toMatch(/^\d+[MG]$/);
  });

  it.each(lasting)('%s is started again when it ends', (_, { restart }) => {
    expect(restart).toBe('unless-stopped');
  });
});

describe('secrets', () => {
  it('come in files, never in a variable', () => {
    for (const [, { environment = {} }] of services) {
      for (const [name, value] of Object.entries(environment)) {
        if (/secret|password|url_file/i.test(name))
          expect([name, value]).toEqual([name, expect.stringMatching(/^\/run\/secrets\//)]);
        expect(value).not.toMatch(/:\/\/[^/]*@/);
      }
    }
  });

  it('are those that deploy/make-secrets.sh makes, once, for the eyes of their owner', () => {
    expect(readdirSync(secrets.path()).sort()).toEqual(Object.keys(compose.secrets).sort());
    for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`deploy/secrets/${name}`);
    expect(statSync(secrets.path()).mode & 0o777).toBe(0o700);
    const before = secrets.read('secret');
    expect(() => secrets.make()).toThrow();
    expect(secrets.read('secret')).toBe(before);
  });

  it('are given to those who need them: the owner of the tables to the migrations alone', () => {
    const holders = (secret: string): string[] =>
      services.filter(([, { secrets: given = [] }]) => given.includes(secret)).map(([name]) => name);
    expect(holders('owner_url')).toEqual(['migrate']);
    expect(holders('postgres_password')).toEqual(['postgres']);
    expect(holders('owner_password')).toEqual(['postgres']);
    expect(holders('redis_password')).toEqual(['redis']);
    expect(new URL(secrets.read('owner_url')).password).toBe(secrets.read('owner_password'));
    expect(`requirepass ${new URL(secrets.read('redis_url')).password}`).toBe(secrets.read('redis_password'));
  });
});

describe('the settings', () => {
  it.each(ours)('of %s are known and accepted', (name, service) => {
    const config = configOf(service);
    expect(config).toMatchObject({ publicUrl, host: '0.0.0.0', trustProxy: 1, demo: false, development: false });
    expect(config.secret).toBe(secrets.read('secret'));
    expect(config.database.kind).toBe(name === 'migrate' ? 'external' : 'prepared');
    expect(config.redisUrl !== null).toBe(name !== 'migrate');
  });

  it('name the services as the network knows them', () => {
    for (const secret of ['owner_url', 'app_url', 'benchmark_url', 'redis_url']) {
      expect(compose.services).toHaveProperty(new URL(secrets.read(secret)).hostname);
    }
  });

  it('share one data folder', () => {
    for (const [, service] of ours) {
      expect(service.volumes).toEqual([`data:${configOf(service).dataDir}`]);
    }
  });
});

it('only the proxy is reached from outside; database and queue reach nobody', () => {
  expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['proxy']);
  expect(compose.networks['inside']?.internal).toBe(true);
  for (const name of ['postgres', 'redis', 'migrate']) expect(compose.services[name]?.networks).toEqual(['inside']);
});

describe('the images', () => {
  const targets = [...new Set(services.flatMap(([, { build }]) => (build ? [build.target] : [])))];
  const of = (target: string, keyword: string): string[] =>
    dockerfile()
      .getInstructions()
      .filter((each) => each.getKeyword() === keyword && stageOf(each.getRange().start.line) === target)
      .map((each) => textOf(each.getRange()).slice(keyword.length + 1));

  it.each(targets)('%s runs as no root and says whether it lives', (target) => {
    expect(of(target, 'USER').at(-1)).toMatch(/^(node|[1-9]\d*:[1-9]\d*)$/);
    expect(of(target, 'HEALTHCHECK')).toHaveLength(1);
  });

  it('take nothing of the build but what was compiled, and packages of production only', () => {
    expect(of('service', 'COPY')).toEqual([
      '--from=packages /app/node_modules node_modules',
      '--from=build /app/dist dist',
      'package.json ./',
      'deploy/healthcheck.mjs deploy/',
    ]);
    expect(of('packages', 'RUN')[0]).toMatch(/^npm ci --omit=dev --ignore-scripts/);
  });

  it('are built from named files alone, so that no secret gets into a layer', () => {
    const ignored = readFileSync(new URL('../../.dockerignore', import.meta.url), 'utf8').split('\n');
    const rules = ignored.filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    expect(rules.filter((rule) => /^!(deploy\/?$|deploy\/(secrets|settings)|\.env)/.test(rule))).toEqual([]);
  });
});
