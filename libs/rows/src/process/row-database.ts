import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, sqlText } from '../sql.js';

export interface RowDatabaseLimits {
  readonly memoryMb: number;
  readonly threads: number;
  /** Folder for what does not fit into memory; empty, and there at the latest when the work begins. */
  readonly tempDir: string;
}

/** What the work of one task is given. */
export interface RowConnections {
  readonly connection: DuckDBConnection;
  /** A further connection: runs statements beside what the others are doing; temporary tables belong to one of them. */
  readonly connect: () => Promise<DuckDBConnection>;
}

/** An empty in-memory database for one piece of work, made before it is known which: making it takes a while. */
export class RowDatabase {
  private readonly opened: DuckDBConnection[] = [];

  private constructor(private readonly instance: DuckDBInstance) {}

  static async create({ memoryMb, threads, tempDir }: RowDatabaseLimits): Promise<RowDatabase> {
    return new RowDatabase(
      await DuckDBInstance.create(':memory:', {
        memory_limit: `${memoryMb}MiB`,
        threads: String(threads),
        temp_directory: tempDir,
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
      }),
    );
  }

  /**
   * From now on it reaches no network, no extension and no file outside the given folders, and its settings can no
   * longer be changed, but for how many threads work on a statement.
   */
  async confine(folders: readonly string[], threads?: number): Promise<RowConnections> {
    const connection = await this.connect();
    const allowed = folders.map((folder) => sqlText(folder.endsWith('/') ? folder : `${folder}/`));
    if (threads !== undefined) await connection.run(`SET threads = ${threads}`);
    await connection.run(`SET allowed_directories = ${sqlList(allowed)}`);
    await connection.run('SET enable_external_access = false');
    await connection.run(`SET allowed_configs = ['threads']`);
    await connection.run('SET lock_configuration = true');
    return { connection, connect: () => this.connect() };
  }

  /** It is gone then, with its memory and what it spilled. */
  close(): void {
    for (const connection of this.opened) connection.closeSync();
    this.instance.closeSync();
  }

  private async connect(): Promise<DuckDBConnection> {
    const connection = await this.instance.connect();
    this.opened.push(connection);
    return connection;
  }
}
