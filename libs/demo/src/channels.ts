import { dayOf, dayText, yearOf } from './calendar.js';
import type { Period } from './calendar.js';
import type { CityPlan, Row } from './city-plan.js';

interface ChannelPlan {
  readonly channel: string;
  /** Share of the orders that do not come by telephone. */
  readonly use: number;
}

/** In the order in which centres open them. */
const openingOrder: readonly ChannelPlan[] = [
  { channel: 'web', use: 2 },
  { channel: 'wechat_account', use: 3 },
  { channel: 'mini_program', use: 4 },
  { channel: 'app', use: 4 },
  { channel: 'mailbox', use: 1 },
  { channel: 'online_chat', use: 1.5 },
  { channel: 'weibo', use: 0.5 },
  { channel: 'sms', use: 0.5 },
  { channel: 'other', use: 0.3 },
];
/** Channels in which an order form makes sense; the rest only listen. */
const withForms = new Set(['web', 'wechat_account', 'mini_program', 'app', 'mailbox']);

export function liveChannels(plan: CityPlan): readonly ChannelPlan[] {
  return openingOrder.slice(0, Math.round(1 + 6.6 * plan.quality.channels));
}

/** A city with hardly any online service has no human in its chats at all. */
export function hasHumanChat(plan: CityPlan): boolean {
  return plan.quality.onlineService >= 0.12;
}

/** What the centre found when it checked its channels, every March and September. */
export function* channelRows(plan: CityPlan, period: Period): Generator<Row> {
  const [start, end] = [dayOf(period.start), dayOf(period.end)];
  const live = new Set(liveChannels(plan).map(({ channel }) => channel));
  const forms = openingOrder.filter(({ channel }) => live.has(channel) && withForms.has(channel));
  const able = (share: number): ReadonlySet<string> =>
    new Set(forms.slice(0, Math.round(forms.length * share)).map(({ channel }) => channel));
  const creating = able(0.2 + 0.75 * plan.quality.channels);
  const querying = able(0.15 + 0.75 * plan.quality.channels);
  const showing = able(0.05 + 0.8 * plan.quality.channels);
  const chatting = hasHumanChat(plan) ? new Set(['online_chat', 'app', 'wechat_account']) : new Set<string>();
  for (let year = yearOf(start); year <= yearOf(end - 1); year++) {
    for (const date of [`${year}-03-18`, `${year}-09-16`]) {
      const day = dayOf(date);
      if (day < start || day >= end) continue;
      for (const { channel } of openingOrder) {
        const isLive = live.has(channel);
        yield {
          channel,
          checked_at: dayText(day),
          is_live: isLive,
          can_create_order: isLive && creating.has(channel),
          can_query_order: isLive && querying.has(channel),
          can_see_progress: isLive && showing.has(channel),
          cross_channel_synced: isLive && showing.has(channel),
          has_human_chat: isLive && chatting.has(channel),
          evidence_url: isLive ? `https://12345.example.org/${plan.code}/${channel}` : null,
        };
      }
    }
  }
}
