/** Settings of a process, read once at start and never changed. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  /** Absolute path. */
  readonly dataDir: string;
  /** Address under which people and portals reach the service, without a slash at the end. */
  readonly publicUrl: string;
  readonly database: DatabaseConfig;
  /** Null: jobs run in this process. */
  readonly redisUrl: string | null;
  /** At least 32 characters; every key and password of the installation follows from it. */
  readonly secret: string;
  readonly demo: boolean;
  /** Opens the explorer and names errors in full; never on unless asked for. */
  readonly development: boolean;
  /** Jobs that run at the same time in one process. */
  readonly jobs: number;
  /** Row processes that work at the same time. */
  readonly rowProcesses: number;
  /** Memory of one row process, in megabytes. */
  readonly rowMemoryMb: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug';
}

export type DatabaseConfig = {
  /** Connections of the application's login. */
  readonly poolSize: number;
} & (
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'external';
      /** Login that owns the tables and runs migrations. */
      readonly ownerUrl: string;
      /** Null: derived from the owner's address, with a password that follows from the secret. */
      readonly appUrl: string | null;
      readonly benchmarkUrl: string | null;
    }
);

/** Where the container keeps the one Config. */
export const CONFIG = Symbol('Config');

/** @throws ConfigError */
export function parseConfig(_env: Readonly<Record<string, string | undefined>>): Config {
  throw new Error('not there yet');
}

/** The one place that reads the environment of the process. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
