import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config-error.js';
import type { RateConfig } from './rates/rate-limits.js';
import { withSecretFiles } from './secret-files.js';
import { isWeakSecret, keptSecret } from './secret.js';

/** Settings of a process, read once at start and never changed. */
export interface Config {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Of figures and health for operators, 0 for any free one; null: off. */
  readonly metricsPort: number | null;
  /** Address under which people and portals reach the service, without a slash at the end. */
  readonly publicUrl: string;
  /** How many proxies in front may say where a request came from. */
  readonly trustProxy: number;
  /** Absolute path. */
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  /** Queue server that wakes workers; null: the database itself does. */
  readonly redisUrl: string | null;
  /** At least 32 characters; every key and password of the installation follows from it. */
  readonly secret: string;
  readonly demo: boolean;
  /** Opens the explorer and names errors in full; never on unless asked for. */
  readonly development: boolean;
  /** Whether the api runs jobs itself: unless told, when there is no queue server to wake workers. */
  readonly apiJobs: boolean;
  /** Jobs that run at the same time in one process. */
  readonly jobs: number;
  /** Row processes that work at the same time. */
  readonly rowProcesses: number;
  /** Memory of one row process, in megabytes. */
  readonly rowMemoryMb: number;
  readonly uploads: UploadLimits;
  readonly rates: RateConfig;
  /** Null: links are shown to the administrator who asked, instead of being sent. */
  readonly mail: MailConfig | null;
  /** Another provider's sign-in; null: passwords only. */
  readonly signInProvider: SignInProvider | null;
  /** Whether administrators may do their work only with a second factor. */
  readonly secondFactorForAdministrators: boolean;
  /** Hosts, or hosts with a port, that receivers of webhooks may have though they lie inside. */
  readonly webhookHosts: readonly string[];
  readonly logLevel: LogLevel;
}

/** What a sender may ask of one api process. */
export interface UploadLimits {
  /** Of one file. */
  readonly maxBytes: number;
  /** Files this process receives at the same time; of one tenant at most half of them. */
  readonly atOnce: number;
  /** What has to stay free on the disk. */
  readonly reserveBytes: number;
  /** Source files of one tenant that were not committed yet. */
  readonly quotaBytes: number;
  /** Bytes a second a sender has to keep up, on average over each window. */
  readonly minRate: number;
  readonly windowMs: number;
}

export interface MailConfig {
  /** Address of the SMTP server, with user and password where it wants them. */
  readonly url: string;
  /** Who sends, such as `热线指数 <index@city.gov.cn>`. */
  readonly from: string;
}

/** A provider of OpenID Connect. */
export interface SignInProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Domains of the e-mail addresses it may speak for. */
  readonly domains: readonly string[];
}

export type DatabaseConfig = EmbeddedDatabase | ExternalDatabase | PreparedDatabase;

export interface EmbeddedDatabase {
  readonly kind: 'embedded';
  /** Connections of the application's login. */
  readonly poolSize: number;
}

export interface ExternalDatabase {
  readonly kind: 'external';
  readonly poolSize: number;
  /** Login that owns the tables and runs migrations. */
  readonly ownerUrl: string;
  /** Null: the owner's address with the application's user and a password that follows from the secret. */
  readonly appUrl: string | null;
  readonly benchmarkUrl: string | null;
  readonly listenUrl: string | null;
}

/** Another process holds the owner's login and has made roles and tables; this one has no way to change them. */
export interface PreparedDatabase {
  readonly kind: 'prepared';
  readonly poolSize: number;
  readonly appUrl: string;
  readonly benchmarkUrl: string;
  /** The application's login on PostgreSQL itself, where the others lead to a pooler; null: they do not. */
  readonly listenUrl: string | null;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Where the container keeps the one Config. */
export const CONFIG = Symbol('Config');

const megabyte = 1024 ** 2;

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const address = (...protocols: string[]) =>
  z.string().refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return protocols.includes(url.protocol) && url.hostname !== '';
  });
const postgres = address('postgres:', 'postgresql:').refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.username !== '' && url.pathname.length > 1;
});

/** Secrets go over it: TLS, but to a server on this machine. */
const provider = address('http:', 'https:').refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' || isLoopback(url.hostname);
});
const receiverHost = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/;
const domain = /^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** Every variable there is. */
const variables = {
  HOTLINE_HOST: z.string().regex(/^[\w.:-]+$/),
  HOTLINE_PORT: whole(0, 65_535),
  HOTLINE_METRICS_PORT: whole(0, 65_535),
  HOTLINE_PUBLIC_URL: address('http:', 'https:').refine((text) => !/[?#]/.test(text)),
  HOTLINE_TRUST_PROXY: whole(0, 10),
  HOTLINE_DATA_DIR: z.string().refine((path) => !path.includes('\0')),
  HOTLINE_DATABASE_URL: postgres,
  HOTLINE_APP_DATABASE_URL: postgres,
  HOTLINE_BENCHMARK_DATABASE_URL: postgres,
  HOTLINE_LISTEN_DATABASE_URL: postgres,
  HOTLINE_DATABASE_POOL: whole(1, 200),
  HOTLINE_REDIS_URL: address('redis:', 'rediss:'),
  HOTLINE_SECRET: z.string().min(32),
  HOTLINE_DEMO: flag,
  HOTLINE_DEVELOPMENT: flag,
  HOTLINE_API_JOBS: flag,
  HOTLINE_JOBS: whole(1, 64),
  HOTLINE_ROW_PROCESSES: whole(1, 32),
  HOTLINE_ROW_MEMORY: whole(64, 65_536),
  HOTLINE_UPLOAD_MEGABYTES: whole(1, 1_000_000),
  HOTLINE_UPLOADS: whole(1, 1_000),
  HOTLINE_DISK_RESERVE: whole(0, 100_000_000),
  HOTLINE_UPLOAD_QUOTA: whole(1, 100_000_000),
  HOTLINE_UPLOAD_RATE: whole(1, 100_000_000),
  HOTLINE_UPLOAD_WINDOW: whole(1, 3_600),
  HOTLINE_RATE_KEY: whole(1, 100_000_000),
  HOTLINE_RATE_TENANT: whole(1, 100_000_000),
  HOTLINE_RATE_ADDRESS: whole(1, 100_000_000),
  HOTLINE_RATE_SIGN_IN: whole(1, 100_000_000),
  HOTLINE_RATE_EMBED: whole(1, 100_000_000),
  HOTLINE_RATE_WINDOW: whole(1, 3_600),
  HOTLINE_SMTP_URL: address('smtp:', 'smtps:'),
  HOTLINE_MAIL_FROM: z.string().regex(/^[^\p{Cc}]*@[^\p{Cc}@]+$/u),
  HOTLINE_OIDC_ISSUER: provider,
  HOTLINE_OIDC_CLIENT_ID: z.string().max(500),
  HOTLINE_OIDC_CLIENT_SECRET: z.string().min(16),
  HOTLINE_OIDC_DOMAINS: z
    .string()
    .transform((text) => text.toLowerCase().split(/[\s,]+/))
    .refine((domains) => domains.every((each) => domain.test(each))),
  HOTLINE_WEBHOOK_HOSTS: z
    .string()
    .transform((text) => text.toLowerCase().split(/[\s,]+/))
    .refine((hosts) => hosts.every((each) => receiverHost.test(each))),
  HOTLINE_SECOND_FACTOR: z.enum(['optional', 'administrators']),
  HOTLINE_LOG_LEVEL: z.enum(logLevels),
} as const;

type Variable = keyof typeof variables;
type Value<V extends Variable> = z.output<(typeof variables)[V]>;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Turns the environment into settings. An empty variable counts as not set. Without HOTLINE_DATABASE_URL and
 * HOTLINE_SECRET a secret is made once and kept in the data folder, readable by its owner only. Of variables that hold a
 * secret, `…_FILE` may name a file that holds it.
 * @throws ConfigError naming the variable, its value and what was expected
 */
export function parseConfig(given: Environment): Config {
  const env = withSecretFiles(given);
  refuseUnknown(env);
  const database = parseDatabase(env);
  const dataDir = resolve(read(env, 'HOTLINE_DATA_DIR') ?? '.data');
  const port = read(env, 'HOTLINE_PORT') ?? 3000;
  const redisUrl = read(env, 'HOTLINE_REDIS_URL') ?? null;
  return Object.freeze({
    host: read(env, 'HOTLINE_HOST') ?? '127.0.0.1',
    port,
    metricsPort: read(env, 'HOTLINE_METRICS_PORT') ?? null,
    publicUrl: (read(env, 'HOTLINE_PUBLIC_URL') ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    trustProxy: read(env, 'HOTLINE_TRUST_PROXY') ?? 0,
    dataDir,
    database: Object.freeze(database),
    redisUrl,
    demo: read(env, 'HOTLINE_DEMO') ?? database.kind === 'embedded',
    development: read(env, 'HOTLINE_DEVELOPMENT') ?? false,
    apiJobs: read(env, 'HOTLINE_API_JOBS') ?? redisUrl === null,
    jobs: read(env, 'HOTLINE_JOBS') ?? 2,
    rowProcesses: read(env, 'HOTLINE_ROW_PROCESSES') ?? 2,
    rowMemoryMb: read(env, 'HOTLINE_ROW_MEMORY') ?? 384,
    uploads: Object.freeze({
      maxBytes: (read(env, 'HOTLINE_UPLOAD_MEGABYTES') ?? 4_096) * megabyte,
      atOnce: read(env, 'HOTLINE_UPLOADS') ?? 32,
      reserveBytes: (read(env, 'HOTLINE_DISK_RESERVE') ?? 256) * megabyte,
      quotaBytes: (read(env, 'HOTLINE_UPLOAD_QUOTA') ?? 20_480) * megabyte,
      minRate: read(env, 'HOTLINE_UPLOAD_RATE') ?? 1_000,
      windowMs: (read(env, 'HOTLINE_UPLOAD_WINDOW') ?? 30) * 1_000,
    }),
    rates: Object.freeze({
      limits: Object.freeze({
        key: read(env, 'HOTLINE_RATE_KEY') ?? 3_000,
        tenant: read(env, 'HOTLINE_RATE_TENANT') ?? 12_000,
        address: read(env, 'HOTLINE_RATE_ADDRESS') ?? 30_000,
        signIn: read(env, 'HOTLINE_RATE_SIGN_IN') ?? 300,
        embed: read(env, 'HOTLINE_RATE_EMBED') ?? 60_000,
      }),
      windowMs: (read(env, 'HOTLINE_RATE_WINDOW') ?? 60) * 1_000,
    }),
    mail: parseMail(env),
    signInProvider: parseProvider(env),
    secondFactorForAdministrators: read(env, 'HOTLINE_SECOND_FACTOR') === 'administrators',
    webhookHosts: Object.freeze(read(env, 'HOTLINE_WEBHOOK_HOSTS') ?? []),
    logLevel: read(env, 'HOTLINE_LOG_LEVEL') ?? 'info',
    // Last: it may write a file, and should not when anything else is wrong.
    secret: parseSecret(env, database, dataDir),
  });
}

function parseDatabase(env: Environment): DatabaseConfig {
  const poolSize = read(env, 'HOTLINE_DATABASE_POOL') ?? 10;
  const ownerUrl = read(env, 'HOTLINE_DATABASE_URL');
  const appUrl = read(env, 'HOTLINE_APP_DATABASE_URL') ?? null;
  const benchmarkUrl = read(env, 'HOTLINE_BENCHMARK_DATABASE_URL') ?? null;
  const listenUrl = read(env, 'HOTLINE_LISTEN_DATABASE_URL') ?? null;
  if (ownerUrl !== undefined) return { kind: 'external', poolSize, ownerUrl, appUrl, benchmarkUrl, listenUrl };
  if (appUrl !== null && benchmarkUrl !== null) return { kind: 'prepared', poolSize, appUrl, benchmarkUrl, listenUrl };
  const names = ['HOTLINE_APP_DATABASE_URL', 'HOTLINE_BENCHMARK_DATABASE_URL'] as const;
  const [variable, missing] = appUrl === null ? [names[1], names[0]] : names;
  if (appUrl !== benchmarkUrl) throw new ConfigError('needs_database', { variable, missing });
  if (listenUrl !== null) {
    throw new ConfigError('needs_database', { variable: 'HOTLINE_LISTEN_DATABASE_URL', missing: names.join(', ') });
  }
  return { kind: 'embedded', poolSize };
}

function parseMail(env: Environment): MailConfig | null {
  const url = read(env, 'HOTLINE_SMTP_URL');
  if (url === undefined) return null;
  return { url, from: required(env, 'HOTLINE_MAIL_FROM') };
}

function parseProvider(env: Environment): SignInProvider | null {
  const issuer = read(env, 'HOTLINE_OIDC_ISSUER');
  if (issuer === undefined) return null;
  return {
    issuer,
    clientId: required(env, 'HOTLINE_OIDC_CLIENT_ID'),
    clientSecret: required(env, 'HOTLINE_OIDC_CLIENT_SECRET'),
    domains: required(env, 'HOTLINE_OIDC_DOMAINS'),
  };
}

function required<V extends Variable>(env: Environment, variable: V): Value<V> {
  const value = read(env, variable);
  if (value === undefined) throw new ConfigError('missing', { variable, expected: variable });
  return value;
}

function parseSecret(env: Environment, database: DatabaseConfig, dataDir: string): string {
  const secret = read(env, 'HOTLINE_SECRET');
  if (secret !== undefined) {
    if (isWeakSecret(secret)) throw new ConfigError('weak_secret');
    return secret;
  }
  // An external database outlives a data folder: a secret made up here could be lost without anyone noticing.
  if (database.kind !== 'embedded') {
    throw new ConfigError('missing', { variable: 'HOTLINE_SECRET', expected: 'HOTLINE_SECRET' });
  }
  return keptSecret(dataDir);
}

function read<V extends Variable>(env: Environment, variable: V): Value<V> | undefined {
  const text = env[variable]?.trim();
  if (text === undefined || text === '') return undefined;
  const parsed = variables[variable].safeParse(text);
  if (!parsed.success) {
    throw new ConfigError('invalid', { variable, value: shown(variable, text), expected: variable });
  }
  return parsed.data as Value<V>;
}

/** The value as it may appear on a screen and in a log: no secret, no password. */
function shown(variable: Variable, text: string): string {
  if (variable === 'HOTLINE_SECRET' || variable === 'HOTLINE_OIDC_CLIENT_SECRET') return `(${text.length})`;
  return JSON.stringify(text.replace(/:\/\/([^/@]*):[^@]*@/, '://$1:***@'));
}

function refuseUnknown(env: Environment): void {
  const known = Object.keys(variables);
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith('HOTLINE_') || known.includes(variable)) continue;
    const [suggestion] = known
      .map((name) => ({ name, distance: distance(variable, name) }))
      .filter((candidate) => candidate.distance <= 4)
      .sort((a, b) => a.distance - b.distance);
    throw suggestion
      ? new ConfigError('unknown_similar', { variable, suggestion: suggestion.name })
      : new ConfigError('unknown', { variable });
  }
}

/** Number of letters to insert, remove or replace (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? Infinity) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? Infinity) + 1, (next[j] ?? Infinity) + 1));
    }
    row = next;
  }
  return row[to.length] ?? Infinity;
}

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** The one place that reads the environment of the process. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
