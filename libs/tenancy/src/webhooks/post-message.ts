import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { PinnedAddress } from './receiver-address.js';

/** From the first byte of the request to the last of the answer. */
const usualPatienceMs = 10_000;
const mostBytes = 16 * 1024;
const excerptLength = 300;

/** What a receiver answered. */
export interface Answer {
  readonly status: number;
  /** Beginning of the answer, without control characters. */
  readonly excerpt: string;
}

/**
 * Posts a message to an address that was looked up before. Follows no redirect, takes no compressed answer, and waits
 * and reads only so much.
 * @throws Error of the network, or a TimeoutError
 */
export async function postMessage(
  url: URL,
  to: PinnedAddress,
  headers: Readonly<Record<string, string>>,
  body: string,
  patienceMs = usualPatienceMs,
): Promise<Answer> {
  const signal = AbortSignal.timeout(patienceMs);
  const response = await send(url, body, signal, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'accept-encoding': 'identity',
      'user-agent': 'hotline-index',
      ...headers,
    },
    // A connection of its own: one that is kept could be to another address.
    agent: false,
    lookup: (_host, options, done) => {
      if (options.all === true) done(null, [to]);
      else done(null, to.address, to.family);
    },
  });
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= mostBytes) break;
    }
  } catch {
    // A clock that ran out says that nobody is there; else the status is known, and says it all.
    signal.throwIfAborted();
  } finally {
    response.destroy();
  }
  const { statusCode: status } = response;
  if (status === undefined) throw new Error('an answer without a status');
  return { status, excerpt: excerptOf(Buffer.concat(chunks)) };
}

function send(url: URL, body: string, signal: AbortSignal, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = start(url, { ...options, signal }, resolve);
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    request.end(body);
  });
}

function excerptOf(bytes: Buffer): string {
  const text = bytes.toString('utf8').replace(/[\p{Cc}\p{Cf}\ufffd]+/gu, ' ');
  return Array.from(text.trim()).slice(0, excerptLength).join('');
}
