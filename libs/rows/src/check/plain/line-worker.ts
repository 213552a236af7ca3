/** Entry of a thread that reads lines of one file, range after range. */
import { parentPort } from 'node:worker_threads';
import { LineReader, type LineRange, type LineTask } from './line-reader.js';

/** The file comes first, then ranges of it. */
export type LineMessage = { readonly task: LineTask } | { readonly range: LineRange };

let reader: LineReader | null = null;

parentPort?.on('message', (message: LineMessage) => {
  if ('task' in message) {
    reader = new LineReader(message.task);
    return;
  }
  if (!reader) throw new Error('no file to read');
  parentPort?.postMessage(reader.read(message.range));
});
