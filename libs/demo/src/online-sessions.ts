import { instantText, secondsPerDay } from './calendar.js';
import type { Day } from './calendar.js';
import { hasHumanChat, liveChannels } from './channels.js';
import type { CityPlan, Row } from './city-plan.js';
import { clamp, demandOf, drawHour } from './demand.js';
import { Random } from './random.js';

const chatChannels = ['online_chat', 'mini_program', 'wechat_account', 'app', 'web'];

/** How well a chat is served at this hour, 0…1: fewer humans write in the evening. */
export function chatCare(plan: CityPlan, hour: number): number {
  const { onlineService, eveningCover } = plan.quality;
  return onlineService * (hour >= 17 || hour < 9 ? 0.45 + 0.55 * eveningCover : 1);
}

export function joinChance(care: number): number {
  return clamp(0.45 + 0.54 * care, 0, 0.99);
}

export function drawChatWait(random: Random, care: number): number {
  return Math.round(Math.min(1800, random.logNormal(20 + 300 * (1 - care) ** 1.5, 0.7)));
}

/** Median seconds between a message and the human reply to it. */
export function drawReplyGap(random: Random, care: number): number {
  return Math.max(4, Math.round(Math.min(1800, random.logNormal(22 + 260 * (1 - care) ** 1.5, 0.5))));
}

/** Chats of a day, in order of time. */
export function* sessionRows(plan: CityPlan, day: Day): Generator<Row> {
  const random = Random.of(plan.seed, 'sessions', day);
  const { factor } = demandOf(plan, day);
  const live = liveChannels(plan).map(({ channel }) => channel);
  const channels = chatChannels.filter((channel) => live.includes(channel));
  const perDay = Math.max(plan.callsPerYear * (0.03 + 0.07 * plan.quality.onlineService), 700) / 365;
  const starts = Array.from(
    { length: random.poisson(perDay * factor) },
    () => day * secondsPerDay + drawHour(random) * 3600 + random.between(0, 3599),
  ).sort((a, b) => a - b);
  for (const [index, startedAt] of starts.entries()) {
    const care = chatCare(plan, Math.floor((startedAt % secondsPerDay) / 3600));
    const requestedAt = random.chance(0.45) ? startedAt + random.between(15, 240) : null;
    const joins = hasHumanChat(plan) && random.chance(joinChance(care));
    const joinedAt = requestedAt !== null && joins ? requestedAt + drawChatWait(random, care) : null;
    yield {
      session_id: `S${instantText(startedAt).slice(2, 10).replaceAll('-', '')}${String(index + 1).padStart(5, '0')}`,
      started_at: instantText(startedAt),
      channel: random.pick(channels),
      human_requested_at: requestedAt === null ? null : instantText(requestedAt),
      human_joined_at: joinedAt === null ? null : instantText(joinedAt),
      median_reply_seconds: joinedAt === null ? null : drawReplyGap(random, care),
    };
  }
}
