import { describe, expect, it } from '@jest/globals';
import { loadMethodology } from './index.js';
describe('x', () => { it('loads', () => { expect(loadMethodology().indicators.length).toBe(37); }); });
