import { bytesOf } from '../decode/arriving-file.js';
import { decodeFile } from '../decode/decode-file.js';
import type { DecodedFile } from '../decode/decoded-file.js';
import { filledHeaders } from '../decode/header/choose-layout.js';
import type { RowConnections } from '../process/row-database.js';
import type { TaskContext } from '../process/task-context.js';
import { FileRefused, type RefusedReading } from '../refused.js';
import { filePrints } from '../segments/store-file.js';
import type { CheckResult, CheckTask, Note, Refusal } from '../tasks.js';
import { checkFile } from './check-file.js';
import { maskTypedText } from './mask-personal.js';
import { LinesHere } from './plain/line-threads.js';

/** Below, threads take longer to begin than to read: some 50 ms. */
const largeFileBytes = 4_000_000;

/**
 * Decodes and checks an upload. What it tells of the file beyond its cells (names of sheets, headers, notes, the reason
 * of a refusal) holds no number of a person in clear: a file without a header row shows data there.
 * @throws FileRefused
 */
export async function checkUpload(
  connections: RowConnections,
  task: CheckTask,
  { scratchDir, lineThreads }: TaskContext,
): Promise<CheckResult> {
  let decoded: DecodedFile | null = null;
  const isLarge = (await bytesOf(task)) > largeFileBytes;
  const readers = isLarge && lineThreads ? lineThreads : new LinesHere();
  // While the file is decoded.
  readers.prepare();
  try {
    decoded = await decodeFile(task, scratchDir);
    const result = await checkFile(connections, decoded, task, readers);
    const sheet = result.sheet === null ? null : maskTypedText(result.sheet);
    const sheets = result.sheets.map(maskTypedText);
    const { months, issuesFile, issueRowsFile } = result;
    const written = [...months.map(({ file }) => file), issuesFile];
    const files = await filePrints(issueRowsFile === null ? written : [...written, issueRowsFile]);
    const notes = result.notes.map(({ code, params }) => ({ code, params: masked(params) }));
    return { ...result, files, sheet, sheets, notes };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const { code, params } = error.refusal;
    throw new FileRefused({ code, params: masked(params) }, error.reading ?? (decoded && readingOf(decoded)));
  } finally {
    readers.close();
  }
}

function readingOf({ dataset, layoutId, headers }: DecodedFile): RefusedReading {
  return { dataset, layoutId, headers: filledHeaders(headers) };
}

function masked<T extends Note['params'] | Refusal['params']>(params: T): T {
  const texts = Object.entries(params).map(([name, value]: [string, string | number | readonly string[]]) => {
    if (typeof value === 'string') return [name, maskTypedText(value)];
    return [name, typeof value === 'number' ? value : value.map(maskTypedText)];
  });
  return Object.fromEntries(texts) as T;
}
