/** Entry of a thread that reads lines of one file, range after range. */
import { parentPort } from 'node:worker_threads';
import { LineReader, type LineRange, type LineTask, type PlainGroup } from './line-reader.js';

/** The file comes first, then ranges of it. */
export type LineMessage = { readonly task: LineTask } | { readonly range: LineRange };

let reader: LineReader | null = null;

parentPort?.on('message', (message: LineMessage) => {
  if ('task' in message) {
    reader = new LineReader(message.task);
    return;
  }
  if (!reader) throw new Error('no file to read');
  const groups = reader.read(message.range);
  parentPort?.postMessage(groups, groups.flatMap(buffersOf));
});

/** They are handed over instead of copied. */
function buffersOf({ plain, rowNumbers, marks, pages }: PlainGroup): ArrayBuffer[] {
  const ofPages = pages.flatMap(({ values, levels }) => [values.buffer, levels.buffer]);
  return [plain.buffer, marks.buffer, ...(rowNumbers ? [rowNumbers.buffer] : []), ...ofPages];
}
