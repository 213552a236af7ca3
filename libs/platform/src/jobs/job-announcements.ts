import type { OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import type { Logger } from 'pino';

/** `hotline_job`: there may be something to run. `hotline_job_changed`: the job named in the payload is no longer what it was. */
const channels = ['hotline_job', 'hotline_job_changed'] as const;
type Channel = (typeof channels)[number];

export interface AnnouncementOptions {
  /** Address of the application's login on PostgreSQL itself: a pooler would take LISTEN, and lose what is told. */
  readonly url: string;
  /** How often a lost connection is tried again. */
  readonly retryMs: number;
}

/** What the database tells every process about jobs, at the moment of a commit. A missed word is no loss: all is in the rows. */
export class JobAnnouncements implements OnApplicationShutdown {
  private readonly listeners = new Map<Channel, Set<(payload: string) => void>>();
  private client: pg.Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private connecting: Promise<void> | null = null;

  constructor(
    private readonly log: Logger,
    private readonly options: AnnouncementOptions,
  ) {}

  /** Begins to listen; a database that does not answer now is tried again later. */
  async start(): Promise<void> {
    if (this.timer) return;
    this.timer = setInterval(() => void this.connect(), this.options.retryMs);
    await this.connect();
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.connecting;
    const client = this.client;
    this.client = null;
    await client?.end();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** Whether what is said now is heard. */
  get listening(): boolean {
    return this.client !== null;
  }

  /** Calls `heard` with each payload until the returned function is called. */
  on(channel: Channel, heard: (payload: string) => void): () => void {
    const heardBy = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, heardBy.add(heard));
    return () => void heardBy.delete(heard);
  }

  private connect(): Promise<void> {
    if (this.client) return Promise.resolve();
    this.connecting ??= this.open().finally(() => (this.connecting = null));
    return this.connecting;
  }

  private async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: 'hotline jobs',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    const gone = (error?: Error): void => {
      if (this.client === client) this.client = null;
      if (error) this.log.warn({ err: error }, 'job announcements interrupted');
    };
    client.on('error', gone);
    client.on('end', () => gone());
    client.on('notification', ({ channel, payload = '' }) => {
      for (const heard of this.listeners.get(channel as Channel) ?? []) heard(payload);
    });
    try {
      await client.connect();
      for (const channel of channels) await client.query(`listen ${channel}`);
      if (this.timer) this.client = client;
      else await client.end();
      // What was said meanwhile was not heard.
      for (const heard of this.listeners.get('hotline_job') ?? []) heard('');
    } catch (error) {
      gone(error as Error);
      await client.end().catch(() => undefined);
    }
  }
}
