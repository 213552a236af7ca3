import type { Instant } from './calendar.js';
import { secondsPerDay } from './calendar.js';
import type { CityPlan } from './city-plan.js';
import type { Order } from './orders.js';
import { Random, Weighted } from './random.js';

export interface Callback {
  readonly orderId: string;
  readonly attemptedAt: Instant;
  readonly connected: boolean;
  readonly channel: 'phone' | 'sms' | 'web';
  readonly isResolved: boolean | null;
  readonly satisfaction: string | null;
}

const channels = new Weighted<Callback['channel']>([
  ['phone', 78],
  ['sms', 15],
  ['web', 7],
]);
const satisfiedLevels = new Weighted([
  ['very_satisfied', 38],
  ['satisfied', 48],
  ['basically_satisfied', 14],
]);
const otherLevels = new Weighted([
  ['neutral', 40],
  ['dissatisfied', 42],
  ['very_dissatisfied', 18],
]);

/** Attempts to call the citizen back after an order is closed: up to three, until one gets through. */
export function callbacksOf(plan: CityPlan, order: Order): Callback[] {
  if (order.settled || order.isInvalid || order.status !== 'closed' || order.closedAt === null) return [];
  const random = Random.of(plan.seed, 'callbacks', order.orderId);
  const { orderDiscipline, satisfaction, training } = plan.quality;
  if (!order.callbackRequired || !random.chance(0.3 + 0.695 * orderDiscipline)) return [];
  const attempts: Callback[] = [];
  let day = Math.floor(order.closedAt / secondsPerDay) + random.between(1, random.chance(0.04) ? 10 : 3);
  for (let attempt = 1; attempt <= 3; attempt++) {
    const attemptedAt = day * secondsPerDay + random.between(9 * 3600, 20 * 3600);
    const connected = random.chance(0.66);
    const content = random.chance(0.66 + 0.31 * satisfaction);
    const answered = connected && random.chance(0.96);
    attempts.push({
      orderId: order.orderId,
      attemptedAt,
      connected,
      channel: channels.draw(random),
      isResolved: answered ? random.chance(content ? 0.78 + 0.2 * training : 0.25) : null,
      satisfaction: !connected
        ? null
        : answered
          ? (content ? satisfiedLevels : otherLevels).draw(random)
          : 'no_opinion',
    });
    if (connected) break;
    day += random.between(1, 2);
  }
  return attempts;
}
