/** Entry of a thread that reads lines of one file after the other, range after range. */
import { parentPort } from 'node:worker_threads';
import { LineReader, type LineRange, type LineTask } from './line-reader.js';

/** A file, then ranges of it, then its end. */
export type LineMessage = { readonly task: LineTask } | { readonly range: LineRange } | { readonly end: true };

let reader: LineReader | null = null;

parentPort?.on('message', (message: LineMessage) => {
  if ('task' in message) reader = new LineReader(message.task);
  else if ('range' in message) {
    if (!reader) throw new Error('no file to read');
    parentPort?.postMessage(reader.read(message.range));
  } else {
    reader?.close();
    reader = null;
  }
});
