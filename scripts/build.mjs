import { build, checkNode, install } from './setup.mjs';

checkNode();
install();
build({ force: process.argv.includes('--force') });
