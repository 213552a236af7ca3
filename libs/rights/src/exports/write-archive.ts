import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { byteOrderMark } from '@hotline/rows';
import { ZipFile } from 'yazl';

/** A file of the archive that is made when its turn comes. */
export interface ArchivedFile {
  readonly name: string;
  /** Writes it to `path`. */
  readonly write: (path: string) => Promise<void>;
}

/**
 * A ZIP of files that lie in a folder and files that are made one after another, so that never more than one of these
 * takes room. Memory does not grow with their size. An error ends the stream.
 * @param manifest the last file, asked for when all others are written
 */
export function zipOf(
  folder: string,
  there: readonly string[],
  made: readonly ArchivedFile[],
  manifest: () => string,
): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: unknown): void => void output.destroy(error instanceof Error ? error : new Error(String(error)));
  zip.on('error', fail);
  for (const name of there) zip.addFile(join(folder, name), name);
  for (const { name, write } of made) {
    const path = join(folder, 'next.csv');
    zip.addReadStreamLazy(name, (ready) => {
      write(path).then(() => ready(null, Readable.from(marked(path), { objectMode: false })), fail);
    });
  }
  zip.addReadStreamLazy('manifest.json', (ready) => {
    ready(null, Readable.from([Buffer.from(manifest())], { objectMode: false }));
  });
  zip.end();
  return output;
}

/** With a byte-order mark, by which spreadsheets know Chinese; gone once it is read. */
async function* marked(path: string): AsyncGenerator<Buffer> {
  yield Buffer.from(byteOrderMark);
  yield* createReadStream(path) as AsyncIterable<Buffer>;
  await rm(path);
}
