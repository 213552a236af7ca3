import { readFileSync } from 'node:fs';
import type { AlternativeSpec } from '@hotline/scoring';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Names } from './provenance.js';

/** What figures of one name may follow: the definition ledger 统计口径, the same for every method. */
export interface DefinitionLedger {
  readonly version: string;
  readonly topics: readonly DefinitionTopic[];
  /** Indicators counted again under another choice. */
  readonly alternatives: readonly AlternativeSpec[];
}

/** One question that figures of the same name answer differently. */
export interface DefinitionTopic extends Names {
  readonly id: string;
  /** Those whose files follow one choice or another. */
  readonly datasets: readonly string[];
  /** Methods whose value depends on the choice. */
  readonly methods: readonly string[];
  /** The first is that of the method; it stands where nobody says otherwise. */
  readonly choices: readonly (Names & { readonly id: string })[];
}

const id = z.string().regex(/^[a-z0-9_.:]+$/);
const named = { id, zh: z.string().min(1), en: z.string().min(1) };
const terms = z
  .array(z.strictObject({ series: id, of: z.enum(['n', 'total']), less: z.boolean().optional() }))
  .min(1)
  .transform((list) => list.map(({ series, of, less }) => ({ series, of, times: less === true ? -1 : 1 }) as const));

const ledgerShape = z.strictObject({
  version: z.string().min(1),
  topics: z.array(
    z.strictObject({
      ...named,
      datasets: z.array(id).min(1),
      methods: z.array(id).min(1),
      choices: z.array(z.strictObject(named)).min(2),
    }),
  ),
  alternatives: z.array(
    z.strictObject({
      indicator: id,
      method: id,
      topic: id,
      choice: id,
      scale: z.number().positive(),
      numerator: terms,
      denominator: terms,
    }),
  ),
});

let loaded: DefinitionLedger | undefined;

/** The ledger, checked and read once per process. @throws Error where the file is not sound */
export function definitionLedger(): DefinitionLedger {
  loaded ??= readLedger(readFileSync(new URL('../data/definitions.yaml', import.meta.url), 'utf8'));
  return loaded;
}

/** @throws Error that names what is wrong */
export function readLedger(text: string): DefinitionLedger {
  const { version, topics, alternatives: given } = ledgerShape.parse(parse(text, { uniqueKeys: true }));
  const first = (topic: string) => topics.find((each) => each.id === topic)?.choices[0]?.id ?? '';
  const alternatives = given.map((each) => ({ ...each, from: first(each.topic) }));
  const ledger = { version, topics, alternatives };
  for (const { indicator, topic, choice, method } of ledger.alternatives) {
    const known = ledger.topics.find((each) => each.id === topic);
    const place = known?.choices.findIndex((each) => each.id === choice) ?? -1;
    const fault = !known
      ? 'names no topic'
      : place < 0
        ? 'names no choice'
        : place === 0
          ? 'is the method itself'
          : null;
    if (fault) throw new Error(`definitions.yaml: ${indicator} under ${topic}: ${choice} ${fault}`);
    if (!known?.methods.includes(method)) throw new Error(`definitions.yaml: ${topic} does not concern ${method}`);
  }
  return ledger;
}

/** Questions that files of a dataset answer. */
export function definitionTopics(dataset: string): readonly DefinitionTopic[] {
  return definitionLedger().topics.filter(({ datasets }) => datasets.includes(dataset));
}
