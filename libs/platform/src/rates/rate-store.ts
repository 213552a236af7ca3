import { createHmac } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Config } from '../config.js';
import type { SharedDb } from '../database/shared-db.js';
import type { Counted, RateConfig } from './rate-limits.js';

export interface Taken {
  readonly granted: boolean;
  /** Until the count begins afresh. */
  readonly msLeft: number;
}

/** Where requests are counted. */
export interface RateStore {
  take(counted: Counted, id: string, requests: number): Promise<Taken>;
  close(): void;
}

/** A server that does not answer by then is out of reach: each process then counts for itself. */
const patienceMs = 500;

/**
 * On Redis when there is one, else in the database; the built-in database belongs to one process, which counts for
 * itself. Should the server be out of reach, every process goes on by itself with the same limits.
 */
export async function openRateStore(config: Config, log: Logger, shared: SharedDb): Promise<RateStore> {
  const { redisUrl, rates, secret, database } = config;
  if (redisUrl !== null) return onRedis(redisUrl, secret, rates, log);
  const inMemory = countInMemory(rates);
  return database.kind === 'external' ? inDatabase(rates, shared, inMemory) : inMemory;
}

interface LimiterOptions {
  readonly keyPrefix: Counted;
  readonly points: number;
  /** Seconds. */
  readonly duration: number;
}

type Limiters = Readonly<Record<Counted, RateLimiterAbstract>>;

function limiters(rates: RateConfig, make: (options: LimiterOptions) => RateLimiterAbstract): Limiters {
  const duration = rates.windowMs / 1_000;
  const made = Object.entries(rates.limits).map(([counted, points]: [string, number]) => [
    counted,
    make({ keyPrefix: counted as Counted, points, duration }),
  ]);
  return Object.fromEntries(made) as Limiters;
}

async function takeFrom(limiter: RateLimiterAbstract, id: string, requests: number): Promise<Taken> {
  try {
    const { msBeforeNext } = await limiter.consume(id, requests);
    return { granted: true, msLeft: msBeforeNext };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return { granted: false, msLeft: refused.msBeforeNext };
  }
}

function countInMemory(rates: RateConfig): RateStore {
  const inMemory = limiters(rates, (options) => new RateLimiterMemory(options));
  return { take: (counted, id, requests) => takeFrom(inMemory[counted], id, requests), close: () => undefined };
}

async function onRedis(redisUrl: string, secret: string, rates: RateConfig, log: Logger): Promise<RateStore> {
  const client = new Redis(redisUrl, {
    // Installations may share a server without counting each other's requests.
    keyPrefix: `hotline-${createHmac('sha256', secret).update('rates').digest('hex').slice(0, 12)}:`,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: patienceMs,
    connectTimeout: 2_000,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  let reachable = true;
  client.on('ready', () => (reachable = true));
  client.on('error', (error) => {
    if (reachable) log.warn({ err: error }, 'Redis is out of reach: each process counts requests for itself');
    reachable = false;
  });
  // Requests that came before would not be counted with the others.
  await new Promise<void>((resolve) => client.once('ready', () => resolve()).once('error', () => resolve()));
  const shared = limiters(
    rates,
    (options) =>
      new RateLimiterRedis({ ...options, storeClient: client, insuranceLimiter: new RateLimiterMemory(options) }),
  );
  return {
    take: (counted, id, requests) => takeFrom(shared[counted], id, requests),
    close: () => client.disconnect(),
  };
}

interface CountRow {
  readonly requests: number;
  readonly ms_left: number;
}

function inDatabase(rates: RateConfig, shared: SharedDb, inMemory: RateStore): RateStore {
  const sweep = setInterval(() => {
    // Nobody waits for it, and the next one makes up for one that failed.
    shared.query('select forget_request_counts()').catch(() => undefined);
  }, rates.windowMs).unref();
  return {
    take: async (counted, id, requests) => {
      const rows = shared.query<CountRow>('select * from count_requests($1, $2, $3)', [id, requests, rates.windowMs]);
      const [row] = await rows.catch(() => []);
      if (!row) return inMemory.take(counted, id, requests);
      return { granted: row.requests <= rates.limits[counted], msLeft: row.ms_left };
    },
    close: () => clearInterval(sweep),
  };
}
