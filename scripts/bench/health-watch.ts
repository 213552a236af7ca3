/** Entry of a child process: asks a server for its health, over and over, and how long each answer took. */
import { Agent, get } from 'node:http';
import type { HealthReply } from './health.js';

const address = process.argv[2] ?? '';
const pauseMs = 20;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

let ended = false;
let told: number[] = [];
process.on('message', () => {
  const reply: HealthReply = { milliseconds: told };
  told = [];
  process.send?.(reply);
});
process.on('disconnect', () => (ended = true));
process.on('SIGINT', () => undefined);

function ask(): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    get(address, { agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${address} answered ${answer.statusCode ?? 'nothing'}`));
      answer.resume();
      answer.once('end', () => resolve(performance.now() - started));
    }).once('error', reject);
  });
}

// The first answers warm the server and the connection up.
for (let first = 0; first < 50; first += 1) await ask();
process.send?.('ready');
while (!ended) {
  told.push(await ask());
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
agent.destroy();
process.exit(0);
