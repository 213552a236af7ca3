import { fileURLToPath } from 'node:url';
import { parseConfig, readEnvironment, startRefusal } from '@hotline/platform';
import { Cluster } from './cluster.js';

/** Settings of the caller that every process gets; the cluster itself decides on the others. */
const decided =
  /^HOTLINE_(HOST|PORT|DATA_DIR|DEMO|REDIS_URL|METRICS_PORT|TRUST_PROXY|(APP_|BENCHMARK_)?DATABASE_URL)(_FILE)?$/;

try {
  const env = { HOTLINE_DATA_DIR: '.data/cluster', ...readEnvironment() };
  const { host, port, dataDir, secret, database } = parseConfig(env);
  const passedOn = Object.entries(env).filter(([name]) => name.startsWith('HOTLINE_') && !decided.test(name));
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());
  const cluster = await Cluster.start({
    root: fileURLToPath(new URL('../../../', import.meta.url)),
    dataDir,
    secret,
    host,
    port,
    ...(database.kind === 'external' ? { ownerUrl: database.ownerUrl } : {}),
    env: Object.fromEntries(passedOn.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    say: (name, line) => console.log(`${name.padEnd(8)} | ${line}`),
  });
  console.log(`\n热线指数集群 Hotline Index cluster  ${cluster.url}\n结束请按 Ctrl-C To end it press Ctrl-C`);
  if (!stopped.signal.aborted) await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve));
  await cluster.stop();
} catch (error) {
  console.error(startRefusal(error));
  process.exit(1);
}
