import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseConfig } from './config.js';

const strong = 'kT9v!xQ2mZr7wLp4Yc8Bn3Hd6Fg1Js5A';
const ownerUrl = 'postgres://owner:pw@db.example.org:5432/hotline_index';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotline-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const parse = (env: Record<string, string>) => parseConfig({ HOTLINE_DATA_DIR: folder, ...env });

describe('parseConfig', () => {
  it('needs nothing: embedded database, demo, port 3000, no development', () => {
    const config = parse({});
    expect(config).toMatchObject({
      port: 3000,
      publicUrl: 'http://localhost:3000',
      database: { kind: 'embedded' },
      redisUrl: null,
      demo: true,
      development: false,
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.database)).toBe(true);
  });

  it('keeps one secret per data folder, readable by its owner only', () => {
    const { secret } = parse({});
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(parse({}).secret).toBe(secret);
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'secret'), 'utf8').trim()).toBe(secret);
  });

  it('takes secrets from files, as containers hand them over', () => {
    const [secretFile, urlFile] = [join(folder, 'a'), join(folder, 'b')];
    writeFileSync(secretFile, `${strong}\n`);
    writeFileSync(urlFile, `${ownerUrl}\n`);
    const config = parse({ HOTLINE_SECRET_FILE: secretFile, HOTLINE_DATABASE_URL_FILE: urlFile });
    expect(config).toMatchObject({ secret: strong, database: { kind: 'external', ownerUrl } });
  });

  it('refuses a secret that is given twice, or whose file is empty or not there', () => {
    const file = join(folder, 'a');
    writeFileSync(file, '\n');
    expect(() => parse({ HOTLINE_SECRET: strong, HOTLINE_SECRET_FILE: file })).toThrow(
      'Set either HOTLINE_SECRET or HOTLINE_SECRET_FILE, not both.',
    );
    expect(() => parse({ HOTLINE_SECRET_FILE: file })).toThrow(`${file} that HOTLINE_SECRET_FILE names`);
    expect(() => parse({ HOTLINE_REDIS_URL_FILE: `${file}-not` })).toThrow('ENOENT');
    // Only what is secret comes in a file.
    expect(() => parse({ HOTLINE_PORT_FILE: file })).toThrow('HOTLINE_PORT_FILE');
  });

  it('leaves the demo off with a database of its own, unless asked for', () => {
    const external = { HOTLINE_DATABASE_URL: ownerUrl, HOTLINE_SECRET: strong };
    expect(parse(external).demo).toBe(false);
    expect(parse({ ...external, HOTLINE_DEMO: '1' }).demo).toBe(true);
    expect(parse({ HOTLINE_DEMO: '0' }).demo).toBe(false);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parse({ HOTLINE_REDIS_URL: '', HOTLINE_PORT: ' ' })).toMatchObject({ redisUrl: null, port: 3000 });
  });

  it.each([
    ['HOTLINE_PORT', '70000', '0 to 65535'],
    ['HOTLINE_PORT', '80a', '0 to 65535'],
    ['HOTLINE_DEMO', 'yes', '0 or 1'],
    ['HOTLINE_PUBLIC_URL', 'ftp://x.example', 'http://'],
    ['HOTLINE_DATABASE_URL', 'mysql://a@b/c', 'postgres://'],
    ['HOTLINE_DATABASE_URL', 'postgres://db.example.org/x', 'with a user'],
    ['HOTLINE_DATABASE_POOL', '0', '1 to 200'],
    ['HOTLINE_LOG_LEVEL', 'loud', 'fatal'],
  ])('refuses %s=%s with a sentence that names variable, value and expectation', (variable, value, expectation) => {
    expect(() => parse({ [variable]: value })).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        message: expect.stringMatching(
          new RegExp(`环境变量 ${variable} .*\\n${variable} is ".*${escape(value)}".*${escape(expectation)}`),
        ),
      }),
    );
  });

  it('refuses a variable it does not know and suggests the nearest', () => {
    expect(() => parse({ HOTLINE_DATABSE_URL: ownerUrl })).toThrow('did you mean HOTLINE_DATABASE_URL?');
    expect(() => parse({ HOTLINE_FAVOURITE_COLOUR: 'red' })).toThrow('HOTLINE_FAVOURITE_COLOUR is not a variable');
  });

  it('shows no password in a refusal', () => {
    const faulty = () => parse({ HOTLINE_REDIS_URL: 'http://me:hunter22@cache' });
    expect(faulty).toThrow('http://me:***@cache');
    expect(faulty).not.toThrow('hunter22');
  });

  it('wants a secret of its own beside an external database', () => {
    expect(() => parse({ HOTLINE_DATABASE_URL: ownerUrl })).toThrow('HOTLINE_SECRET is not set');
  });

  it.each(['changeme-changeme-changeme-changeme', 'a'.repeat(40), 'MyPassword-0123456789-MyPassword-0'])(
    'refuses the guessable secret %s',
    (secret) => {
      expect(() => parse({ HOTLINE_SECRET: secret })).toThrow('easy to guess');
    },
  );

  it('refuses a short secret without showing it', () => {
    // One character too few, and not easy to guess: it is refused for its length alone.
    const short = strong.slice(0, 31);
    expect(() => parse({ HOTLINE_SECRET: short })).toThrow('at least 32');
    expect(() => parse({ HOTLINE_SECRET: short })).not.toThrow(short);
  });

  it('does without the owner where another process prepares the database', () => {
    const logins = { HOTLINE_APP_DATABASE_URL: ownerUrl, HOTLINE_BENCHMARK_DATABASE_URL: `${ownerUrl}?` };
    const prepared = { kind: 'prepared', appUrl: ownerUrl, benchmarkUrl: `${ownerUrl}?` };
    expect(parse({ ...logins, HOTLINE_SECRET: strong })).toMatchObject({ database: prepared, demo: false });
    expect(() => parse(logins)).toThrow('HOTLINE_SECRET is not set');
  });

  it.each([
    ['HOTLINE_APP_DATABASE_URL', 'HOTLINE_BENCHMARK_DATABASE_URL'],
    ['HOTLINE_BENCHMARK_DATABASE_URL', 'HOTLINE_APP_DATABASE_URL'],
    ['HOTLINE_LISTEN_DATABASE_URL', 'HOTLINE_APP_DATABASE_URL, HOTLINE_BENCHMARK_DATABASE_URL'],
  ])('refuses %s alone, and names what it goes with', (variable, missing) => {
    expect(() => parse({ [variable]: ownerUrl })).toThrow(
      `${variable} has a meaning only together with HOTLINE_DATABASE_URL, or with ${missing}`,
    );
  });
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
