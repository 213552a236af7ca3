import { dayText, endOfWorkingDay, isWorkingDay, secondsPerDay, workingDayAfter } from './calendar.js';
import type { Instant } from './calendar.js';
import { liveChannels } from './channels.js';
import { drawAgent, drawCaller } from './citizens.js';
import type { CityPlan } from './city-plan.js';
import { onlineShare, orderIdOf, orderKinds } from './contacts.js';
import { drawHour } from './demand.js';
import { callIdOf, dayPrefix } from './hotline-days.js';
import type { HotlineDay } from './hotline-days.js';
import { Random, Weighted } from './random.js';
import { topics } from './topics.js';
import type { Topic } from './topics.js';

export interface Order {
  readonly orderId: string;
  readonly createdAt: Instant;
  readonly channel: string;
  readonly orderType: string;
  readonly topic: Topic;
  readonly settled: boolean;
  readonly caller: string | null;
  readonly agent: string | null;
  readonly callId: string | null;
  readonly parentOrderId: string | null;
  readonly firstContactAt: Instant | null;
  readonly deadlineAt: Instant | null;
  readonly extendedDeadlineAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly status: 'open' | 'closed' | 'withdrawn';
  readonly backCount: number;
  readonly rehandleCount: number;
  readonly isServiceComplaint: boolean;
  readonly isInvalid: boolean;
  readonly callbackRequired: boolean;
}

const settledTypes = new Weighted([
  ['consult', 82],
  ['request', 8],
  ['suggestion', 4],
  ['praise', 2],
  ['other', 4],
]);
const dispatchedTypes = new Weighted([
  ['consult', 12],
  ['request', 44],
  ['complaint', 27],
  ['report', 9],
  ['suggestion', 6],
  ['other', 2],
]);

/** The orders written on a day: for calls, then those that came by other channels. */
export function* ordersOf(plan: CityPlan, { day, factor, calls }: HotlineDay): Generator<Order> {
  const random = Random.of(plan.seed, 'orders', day);
  const prefix = dayPrefix(dayText(day));
  for (const [index, call] of calls.entries()) {
    const { contact, answeredAt, talkSeconds } = call;
    if (!contact || answeredAt === null || talkSeconds === null) continue;
    yield handle(plan, random, {
      orderId: contact.orderId,
      createdAt: answeredAt + Math.floor(talkSeconds * 0.8),
      channel: 'phone',
      topic: contact.topic,
      settled: contact.settled,
      caller: call.caller,
      agent: call.agent,
      callId: callIdOf(prefix, index),
      parentOrderId: contact.parentOrderId,
    });
  }
  const expected = (plan.ordersPerYear / 365) * factor * onlineShare(plan);
  const channels = liveChannels(plan).map(({ channel, use }) => [channel, use] as const);
  const byChannel = new Weighted([...channels, ['platform_transfer', 0.25] as const]);
  for (let left = random.poisson(expected), sequence = 1; left > 0; left--, sequence++) {
    yield handle(plan, random, {
      orderId: orderIdOf(day, orderKinds.online, sequence),
      createdAt: day * secondsPerDay + drawHour(random) * 3600 + random.between(0, 3599),
      channel: byChannel.draw(random),
      topic: topics.draw(random),
      settled: random.chance(0.25),
      caller: random.chance(0.04) ? null : drawCaller(plan, random),
      agent: drawAgent(plan, random),
      callId: null,
      parentOrderId: null,
    });
  }
}

type Received = Pick<
  Order,
  'orderId' | 'createdAt' | 'channel' | 'topic' | 'settled' | 'caller' | 'agent' | 'callId' | 'parentOrderId'
>;

function handle(plan: CityPlan, random: Random, received: Received): Order {
  const { satisfaction } = plan.quality;
  const isInvalid = random.chance(0.012);
  const isServiceComplaint = random.chance(0.002 + 0.058 * (1 - satisfaction) ** 1.6);
  const flags = { isInvalid, isServiceComplaint, backCount: 0, rehandleCount: 0 };
  if (received.settled) {
    const closedAt = received.createdAt + random.between(20, 400);
    const times = { firstContactAt: null, deadlineAt: null, extendedDeadlineAt: null, closedAt };
    const orderType = settledTypes.draw(random);
    return { ...received, ...flags, ...times, orderType, status: 'closed', callbackRequired: false };
  }
  const orderType = dispatchedTypes.draw(random);
  const withdrawn = random.chance(0.01);
  return {
    ...received,
    ...flags,
    ...drawHandling(plan, random, received.createdAt, orderType === 'consult'),
    orderType,
    ...(withdrawn ? ({ status: 'withdrawn' } as const) : {}),
    backCount: random.poisson(0.1),
    rehandleCount: random.chance(0.03) ? 1 : 0,
    callbackRequired: !random.chance(0.06),
  };
}

type Handling = Pick<Order, 'firstContactAt' | 'deadlineAt' | 'extendedDeadlineAt' | 'closedAt' | 'status'>;

/** What the unit does with an order: contact, extension, closing. Enquiries have two working days, the rest five or ten. */
function drawHandling(plan: CityPlan, random: Random, createdAt: Instant, isEnquiry: boolean): Handling {
  const { orderDiscipline } = plan.quality;
  const limit = isEnquiry ? 2 : random.chance(0.94) ? 5 : 10;
  const deadline = endOfWorkingDay(createdAt, limit);
  const extended = random.chance(0.04 + 0.08 * (1 - orderDiscipline)) ? endOfWorkingDay(deadline, 5) : null;
  const due = extended ?? deadline;
  const inTime = random.chance(0.7 + 0.297 * orderDiscipline);
  const closedAt = inTime
    ? drawOnTime(random, createdAt, due)
    : random.chance(0.85)
      ? workingHour(random, workingDayAfter(Math.floor(due / secondsPerDay), random.between(1, 8)))
      : null;
  const promptly = random.chance(0.62 + 0.378 * orderDiscipline);
  const contacted = promptly
    ? firstWorkingInstant(random, createdAt)
    : workingHour(random, workingDayAfter(Math.floor(createdAt / secondsPerDay), random.between(2, 4)));
  return {
    firstContactAt: random.chance(0.01) || (closedAt === null && !promptly) ? null : contacted,
    // A few orders carry no deadline: the default limit applies, and the assessment says so.
    deadlineAt: extended === null && random.chance(0.02) ? null : deadline,
    extendedDeadlineAt: extended,
    closedAt: closedAt === null ? null : Math.max(closedAt, createdAt + 600),
    status: closedAt === null ? 'open' : 'closed',
  };
}

/** In working hours, on a working day after creation and not later than the due day; most units use the time they have. */
function drawOnTime(random: Random, createdAt: Instant, due: Instant): Instant {
  const first = workingDayAfter(Math.floor(createdAt / secondsPerDay), 1);
  const last = Math.floor(due / secondsPerDay);
  const day = first + Math.floor((last - first + 1) * Math.sqrt(random.next()));
  const worked = isWorkingDay(day) ? day : workingDayAfter(day, 1);
  return workingHour(random, Math.min(worked, last));
}

/** The same working day where there is time left, else the next. */
function firstWorkingInstant(random: Random, createdAt: Instant): Instant {
  const day = Math.floor(createdAt / secondsPerDay);
  const closing = day * secondsPerDay + 17.5 * 3600;
  if (isWorkingDay(day) && closing - createdAt > 3600 && random.chance(0.6)) {
    const opening = Math.max(createdAt + 600, day * secondsPerDay + 9 * 3600);
    return opening + Math.floor(random.next() * (closing - opening));
  }
  return workingHour(random, workingDayAfter(day, 1));
}

function workingHour(random: Random, day: number): Instant {
  return day * secondsPerDay + random.between(9 * 3600, 17 * 3600 + 1800);
}
