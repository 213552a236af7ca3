// Asks the process of this container: `node deploy/healthcheck.mjs live` or `… ready`.
const port = process.env.HOTLINE_METRICS_PORT;
const answer = await fetch(`http://127.0.0.1:${port}/health/${process.argv[2]}`).catch(() => null);
process.exitCode = answer?.ok ? 0 : 1;
