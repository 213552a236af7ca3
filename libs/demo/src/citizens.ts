import { mix } from './random.js';
import type { Random } from './random.js';
import type { CityPlan } from './city-plan.js';

/**
 * Who calls: a pool of people of whom a few call very often. Numbers are fictitious; person `index` of a city always has
 * the same one.
 */
export function drawCaller(plan: CityPlan, random: Random): string {
  const pool = Math.max(400, Math.round(plan.callsPerYear * 0.55));
  const frequent = Math.max(4, Math.round(pool * 0.006));
  // One call in twelve comes from the few who ring every week or two.
  const person = random.chance(0.08) ? Math.floor(random.next() * frequent) : Math.floor(random.next() * pool);
  return phoneOf(plan.seed, person);
}

export function phoneOf(seed: number, person: number): string {
  const first = mix(mix(seed) ^ person) >>> 0;
  const second = mix(first ^ 0x2545f491) >>> 0;
  return `1${3 + (first % 7)}${String(second % 1_000_000_000).padStart(9, '0')}`;
}

export function agentCount(plan: CityPlan): number {
  return Math.max(6, Math.round(plan.callsPerYear / 4200));
}

export function drawAgent(plan: CityPlan, random: Random): string {
  return String(8001 + Math.floor(random.next() * agentCount(plan)));
}
