import type { Day } from './calendar.js';
import { dayText } from './calendar.js';
import type { CityPlan } from './city-plan.js';
import type { Random } from './random.js';
import { topics } from './topics.js';
import type { Topic } from './topics.js';

/** What a call was about. Drawn with the call, so that the call log and the orders tell one story. */
export interface Contact {
  readonly orderId: string;
  readonly topic: Topic;
  /** Settled by the centre on the call; otherwise passed to a unit. */
  readonly settled: boolean;
  /** Days until the same person calls again about the same matter; null = never. */
  readonly repeatInDays: number | null;
  /** The order it repeats, where the agent linked it. */
  readonly parentOrderId: string | null;
  readonly isRepeat: boolean;
}

/** Kind of order, as the fourth-last block of its number: on the phone, by another channel, follow-up. */
export const orderKinds = { phone: 1, online: 2, repeat: 3 } as const;

export function orderIdOf(day: Day, kind: number, sequence: number): string {
  return `${dayText(day).replaceAll('-', '')}${kind}${String(sequence).padStart(5, '0')}`;
}

/** Share of orders that do not come by telephone, 0…1. */
export function onlineShare(plan: CityPlan): number {
  return 0.04 + 0.26 * plan.quality.channels ** 1.3;
}

export function drawContact(plan: CityPlan, random: Random, orderId: string): Contact {
  const { training } = plan.quality;
  const settled = random.chance(0.48 + 0.4 * training);
  // Who got no real answer, and who waits for a unit, calls again within the week.
  const repeats = random.chance(settled ? 0.02 + 0.1 * (1 - training) : 0.07);
  return {
    orderId,
    topic: topics.draw(random),
    settled,
    repeatInDays: repeats ? random.between(1, 6) : null,
    parentOrderId: null,
    isRepeat: false,
  };
}
