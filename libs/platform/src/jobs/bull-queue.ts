import { createHmac } from 'node:crypto';
import Bull from 'bull';
import type { Logger } from 'pino';

/** All a message holds. Whose job it is and what to do, only its row says. */
export interface JobMessage {
  readonly job: string;
}

export type MessageQueue = Bull.Queue<JobMessage>;

/** Where the container keeps the MessageQueue; null where the database wakes workers. */
export const MESSAGES = Symbol('MessageQueue');

export interface QueueTiming {
  /** Silence after which Bull takes the worker of a message for dead; that it may be wrong costs nothing, the claim decides. */
  readonly lockDuration: number;
  /** How often Bull looks for such messages. */
  readonly stalledInterval: number;
}

const queueTiming: QueueTiming = { lockDuration: 30_000, stalledInterval: 5_000 };

/** Messages kept after their end, for people who look at the queue. */
const kept = 1_000;

/**
 * Opens the queue that wakes workers. Commands wait while Redis is away; nothing is lost in between, because nothing that
 * counts is there.
 */
export function openQueue(
  { redisUrl, secret }: { redisUrl: string; secret: string },
  log: Logger,
  timing: Partial<QueueTiming> = {},
): MessageQueue {
  const queue: MessageQueue = new Bull<JobMessage>('jobs', redisUrl, {
    // Installations may share a server without taking each other's messages.
    prefix: `hotline-${createHmac('sha256', secret).update('queue').digest('hex').slice(0, 12)}`,
    redis: {
      ...(redisUrl.startsWith('rediss:') ? { tls: {} } : {}),
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 100, 2_000),
    },
    settings: {
      ...queueTiming,
      ...timing,
      retryProcessDelay: 1_000,
      // Two deaths of workers would otherwise end a message for good.
      maxStalledCount: 100,
    },
    defaultJobOptions: { removeOnComplete: kept, removeOnFail: kept },
  });
  let silentUntil = 0;
  queue.on('error', (error) => {
    // Without Redis this comes many times a second.
    if (Date.now() < silentUntil) return;
    silentUntil = Date.now() + 30_000;
    log.warn({ err: error }, 'the queue server is out of reach: jobs wait');
  });
  queue.client.on('ready', () => {
    silentUntil = 0;
    void checkServer(queue, log);
  });
  return queue;
}

/** A server that throws keys away when memory is short delays jobs at the worst moment. */
async function checkServer(queue: MessageQueue, log: Logger): Promise<void> {
  try {
    const [, policy] = (await queue.client.config('GET', 'maxmemory-policy')) as string[];
    if (policy !== undefined && policy !== 'noeviction') {
      log.error({ policy }, 'Redis must be set to maxmemory-policy noeviction: it may drop messages');
    }
  } catch (error) {
    log.warn({ err: error }, 'the settings of Redis could not be read; it must not evict keys (noeviction)');
  }
}

/** Whether a command sent now is answered now. */
export function isReachable(queue: MessageQueue): boolean {
  return queue.client.status === 'ready';
}

/** Ends the connections, whether Redis answers or not. */
export async function closeQueue(queue: MessageQueue): Promise<void> {
  let impatience: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (impatience = setTimeout(resolve, 2_000)));
  await Promise.race([queue.close(), late]);
  clearTimeout(impatience);
  for (const client of [queue.client, ...(queue as unknown as { clients: { disconnect(): void }[] }).clients]) {
    client.disconnect();
  }
}
