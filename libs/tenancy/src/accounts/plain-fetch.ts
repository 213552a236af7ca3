import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

const timeoutMs = 10_000;
const mostBytes = 512 * 1024;

/**
 * `fetch` for talking to a sign-in provider: bounded in time and size, follows no redirect, and takes no compressed
 * answer. The decoders of this Node are not safe with strangers' bytes, and its own `fetch` would start them unasked.
 */
export async function plainFetch(
  address: string,
  options: { readonly method: string; readonly headers: Record<string, string>; readonly body?: unknown },
): Promise<Response> {
  const { body } = options;
  const text = body === undefined || body === null ? undefined : bodyText(body);
  const response = await send(
    new URL(address),
    options.method,
    { ...options.headers, 'accept-encoding': 'identity' },
    text,
  );
  if (response.headers['content-encoding'] !== undefined) {
    response.destroy();
    throw new Error('the sign-in provider sent a compressed answer');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) {
      response.destroy();
      throw new Error('the sign-in provider sent too much');
    }
    chunks.push(chunk);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const status = response.statusCode ?? 500;
  return new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), { status, headers });
}

function bodyText(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('only texts are sent to a sign-in provider');
}

function send(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = start(
      url,
      { method, headers: { ...headers, ...length }, signal: AbortSignal.timeout(timeoutMs) },
      resolve,
    );
    request.on('error', reject);
    request.end(body);
  });
}
