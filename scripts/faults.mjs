// `npm run faults [-- --rounds 5] [-- --seed 7] [-- --times 1]`: the fault suite in its long form. The seed is printed; with
// it, the moments of a failed run can be had again.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrograms } from './debian.mjs';
import { build, checkNode, install, root } from './setup.mjs';

checkNode();
const whole = (name, text) => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  console.error(`--${name}: 应为正整数 a whole number above zero is expected`);
  process.exit(1);
};
let options;
try {
  options = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' }, times: { type: 'string' } } });
} catch {
  console.error('npm run faults [-- --rounds 5] [-- --seed 7] [-- --times 1]');
  process.exit(1);
}
const { rounds = '5', seed, times = '1' } = options.values;
install();
ensurePrograms();
build();

let passed = 0;
for (let time = 1; time <= whole('times', times); time += 1) {
  const started = Date.now();
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--selectProjects',
      'faults',
      '--runInBand',
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        FAULT_ROUNDS: String(whole('rounds', rounds)),
        ...(seed === undefined ? {} : { FAULT_SEED: String(whole('seed', seed)) }),
      },
    },
  );
  if (status === 0) passed += 1;
  console.log(
    `第 ${time} 遍 run ${time}: ${status === 0 ? '通过 passed' : '未通过 FAILED'}, ${((Date.now() - started) / 1000).toFixed(0)} s`,
  );
}
console.log(`${passed} / ${times} 通过 passed`);
process.exit(passed === Number(times) ? 0 : 1);
