import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@hotline/platform';
import { ServiceProcess } from './service-process.js';

/**
 * A Redis with the settings that deploy/redis.conf holds for the container, for this machine alone.
 * @param folder of its own, made when it is not there
 * @throws Error when there is no redis-server on this machine
 */
export async function startRedis(
  root: string,
  folder: string,
  say: (line: string) => void,
): Promise<{ readonly url: string; readonly process: ServiceProcess }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const passwordFile = join(folder, 'password.conf');
  writeFileSync(passwordFile, `requirepass ${password}\n`, { mode: 0o600 });
  const port = await freePort();
  const parameters = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--include', passwordFile];
  const process = new ServiceProcess({
    name: 'redis',
    command: 'redis-server',
    parameters: [join(root, 'deploy/redis.conf'), ...parameters],
    env: {},
    ready: /Ready to accept connections/,
    say,
  });
  try {
    await process.start();
  } catch (error) {
    await process.stop();
    throw error;
  }
  return { url: `redis://:${password}@127.0.0.1:${port}/0`, process };
}
