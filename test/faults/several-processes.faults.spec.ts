import { afterAll, beforeAll, beforeEach, expect, jest } from '@jest/globals';
import { chanceOfRun } from './chance.js';
import { describeFullDisk } from './full-disk.js';
import { Installation } from './installation.js';
import { describeKilledProcesses } from './killed-processes.js';
import { describeLeftBehind } from './left-behind.js';
import { describePausedWorker } from './paused-worker.js';
import { describePostgresFaults } from './postgres-faults.js';
import { describeRedisFaults } from './redis-faults.js';
import { describeStopUnderLoad } from './stop-under-load.js';

jest.setTimeout(600_000);

/** One installation goes through everything: what a fault leaves behind, the next one meets. */
let here: Installation;
beforeAll(async () => {
  here = await Installation.start();
}, 300_000);
afterAll(() => here.close(), 120_000);

beforeEach(() => {
  // A run takes minutes: it says where it is.
  process.stderr.write(`${new Date().toISOString()} ${expect.getState().currentTestName}\n`);
});

const chance = chanceOfRun('an api and two workers');
const at = (): Installation => here;

describeKilledProcesses(at, chance);
describePausedWorker(at, chance);
describeRedisFaults(at, chance);
describePostgresFaults(at, chance);
describeFullDisk(at);
describeStopUnderLoad(at, chance);
describeLeftBehind(at);
