import type { Server } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost, type AbstractHttpAdapter } from '@nestjs/core';

/** A little less than a supervisor usually grants, and more than running jobs are given. */
const patienceMs = 27_000;

/** What is still being sent or received when a stop takes that long is cut off: a slow sender must not hold up the end. */
@Injectable()
export class HttpStop implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    // A program that uses the services without serving them has no server.
    const adapter = this.host.httpAdapter as AbstractHttpAdapter | null;
    if (adapter === null) return;
    const server = adapter.getHttpServer() as Server;
    setTimeout(() => server.closeAllConnections(), patienceMs).unref();
  }
}
