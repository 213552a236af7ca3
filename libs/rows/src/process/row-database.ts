import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlList, sqlText } from '../sql.js';

export interface RowDatabaseLimits {
  readonly memoryMb: number;
  readonly threads: number;
  /** Empty folder for what does not fit into memory. */
  readonly tempDir: string;
  /** The only folders whose files a statement can read or write. */
  readonly folders: readonly string[];
}

/**
 * Runs work on an empty in-memory database that reaches no network, no extension and no file outside the given folders,
 * and whose settings can no longer be changed. It is gone, with its memory, when the work ends.
 */
export async function withRowDatabase<T>(
  limits: RowDatabaseLimits,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${limits.memoryMb}MiB`,
    threads: String(limits.threads),
    temp_directory: limits.tempDir,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    try {
      const folders = limits.folders.map((folder) => sqlText(folder.endsWith('/') ? folder : `${folder}/`));
      await connection.run(`SET allowed_directories = ${sqlList(folders)}`);
      await connection.run('SET enable_external_access = false');
      await connection.run('SET lock_configuration = true');
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
