import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The policy a strict portal sends: nothing but its own files, and markup only through lit's own policy. */
export const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html";

const built = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist', 'web');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface StaticSite {
  readonly origin: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  /** Serves a page with the strict policy. */
  page(path: string, html: string): void;
  /** Answers a path with JSON. */
  json(path: string, document: unknown, headers?: Readonly<Record<string, string>>): void;
  answer(path: string, answer: Answer): void;
  close(): Promise<void>;
}

/** Serves the built `dist/web` and documents given by a test, with the strict policy on every page. */
export async function startSite(policy: string = strictPolicy): Promise<StaticSite> {
  await stat(join(built, 'index.html')).catch(() => {
    throw new Error('dist/web is not built: run `npm run build` first');
  });
  const answers = new Map<string, Answer>();
  const requests: string[] = [];

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    requests.push(path);
    const answer = answers.get(path);
    if (answer) answer(request, response);
    else void file(path, response);
  });

  async function file(path: string, response: ServerResponse): Promise<void> {
    const name = path === '/' ? 'index.html' : path.slice(1);
    const type = types[extname(name)];
    try {
      if (type === undefined || name.includes('..')) throw new Error(name);
      const body = await readFile(join(built, name));
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'application/json', 'content-security-policy': policy }).end('{}');
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    page: (path, html) =>
      answers.set(path, (_, response) => {
        response.writeHead(200, { 'content-type': types['.html'], 'content-security-policy': policy }).end(html);
      }),
    json: (path, document, headers = {}) =>
      answers.set(path, (_, response) => {
        response
          .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
          .end(JSON.stringify(document));
      }),
    answer: (path, answer) => answers.set(path, answer),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
