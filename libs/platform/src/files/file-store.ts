import type { Readable } from 'node:stream';

export interface StoredFile {
  /** SHA-256 of the bytes as they came in, hexadecimal. */
  readonly sha256: string;
  /** How many came in. */
  readonly bytes: number;
}

export interface ListedFile {
  /** Relative to the folder of the tenant. */
  readonly name: string;
  /** When its last byte was written, in milliseconds since 1970. */
  readonly writtenAt: number;
}

/** Files of tenants in folders of their own. `name` is a relative path such as `sources/<id>`; it can never leave the folder. */
export abstract class FileStore {
  /** Keeps a stream encrypted. The file is there whole, or not at all. Replaces a file of the same name. */
  abstract writeStream(tenantId: string, name: string, body: Readable): Promise<StoredFile>;

  /** The decrypted bytes. @throws Error when the file is missing or was changed, at the place where it was */
  abstract read(tenantId: string, name: string): AsyncIterable<Buffer>;

  /** Writes the decrypted bytes to `path`. @throws Error when the file is missing or was changed */
  abstract decryptTo(tenantId: string, name: string, path: string, signal?: AbortSignal): Promise<void>;

  /** A file that is not there is no error. */
  abstract remove(tenantId: string, name: string): Promise<void>;

  abstract has(tenantId: string, name: string): Promise<boolean>;

  /** Removes everything of a tenant; says how much that was. */
  abstract removeAll(tenantId: string): Promise<{ readonly files: number; readonly bytes: number }>;

  /** Ids of the tenants that have files. */
  abstract tenants(): Promise<readonly string[]>;

  /** All files below one folder of a tenant. */
  abstract list(tenantId: string, folder: string): Promise<readonly ListedFile[]>;

  /** All folders below one folder of a tenant that hold nothing; `writtenAt` is when that last changed. */
  abstract emptyFolders(tenantId: string, folder: string): Promise<readonly ListedFile[]>;

  /** Removes these folders and those around them as far as nothing is left in them, but for the outermost. */
  abstract removeEmpty(tenantId: string, folders: readonly string[]): Promise<void>;

  /** Removes the files of one folder, of every tenant, that were written more than `olderThanMs` ago. Returns how many. */
  abstract removeOlder(folder: string, olderThanMs: number): Promise<number>;

  /** Bytes that still find room on the disk. */
  abstract freeBytes(): Promise<number>;

  /** Absolute path within the tenant's folder; without segments the folder itself. @throws Error for a path that leaves it */
  abstract pathFor(tenantId: string, ...segments: string[]): string;

  /** Folder of all scratch folders, for programs that make their own. */
  abstract readonly scratchRoot: string;

  /** A new empty folder for the caller, who removes it. */
  abstract scratchDir(): Promise<string>;

  /** Removes what interrupted work left behind: of processes that are no more at once, else after `olderThanMs`. Returns how many entries. */
  abstract sweep(olderThanMs: number): Promise<number>;
}
