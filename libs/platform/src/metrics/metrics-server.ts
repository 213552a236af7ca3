import { createServer, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../config.js';
import { ConfigError } from '../config-error.js';
import type { Health } from '../health/health.js';
import type { Metrics } from './metrics.js';

/** Figures and health on a port of their own, which is for operators and never for the public. Off unless a port is named. */
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | null = null;

  constructor(
    private readonly config: Pick<Config, 'host' | 'metricsPort'>,
    private readonly metrics: Metrics,
    private readonly health: Health,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { host, metricsPort } = this.config;
    if (metricsPort === null) return;
    const server = createServer((request, response) => void this.answer(request.url ?? '', response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'EADDRINUSE' ? new ConfigError('port_in_use', { port: String(metricsPort) }) : error),
      );
      server.listen(metricsPort, host, resolve);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    const { server } = this;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** The port it listens on; null when it is off. */
  get port(): number | null {
    return this.server ? (this.server.address() as AddressInfo).port : null;
  }

  /** Says where the figures are, if they are anywhere: port 0 in the settings means any free one. */
  announce(say: (line: string) => void): void {
    const { host } = this.config;
    if (this.port !== null) say(`运行指标 Metrics  http://${isIPv6(host) ? `[${host}]` : host}:${this.port}/metrics`);
  }

  private async answer(path: string, response: ServerResponse): Promise<void> {
    try {
      if (path === '/metrics') {
        const text = await this.metrics.registry.metrics();
        response.writeHead(200, { 'content-type': this.metrics.registry.contentType }).end(text);
      } else if (path === '/health/live') {
        json(response, 200, { status: 'ok' });
      } else if (path === '/health/ready') {
        const ready = await this.health.ready();
        json(response, ready.status === 'ok' ? 200 : 503, ready);
      } else {
        json(response, 404, { status: 'not found' });
      }
    } catch {
      json(response, 500, { status: 'down' });
    }
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
