import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { definitionLedger, readLedger } from './definitions.js';
import { loadMethodology } from './load-methodology.js';
import { scoringMethod } from './scoring-method.js';

const text = readFileSync(new URL('../data/definitions.yaml', import.meta.url), 'utf8');

describe('the definition ledger', () => {
  const methods = scoringMethod(loadMethodology()).indicators.flatMap(({ measure }) =>
    (measure.kind === 'components' ? measure.components.map((part) => part.measure) : [measure]).flatMap(
      (each) => each.methods,
    ),
  );

  it('names methods and indicators of the method, each topic for a dataset that its methods read', () => {
    const { topics, alternatives } = definitionLedger();
    for (const topic of topics) {
      for (const id of topic.methods) {
        const method = methods.find((each) => each.id === id);
        expect([topic.id, id, topic.datasets.includes(method?.dataset ?? '')]).toEqual([topic.id, id, true]);
      }
      expect(new Set(topic.choices.map(({ id }) => id)).size).toBe(topic.choices.length);
    }
    const indicators = loadMethodology().indicators.map(({ id }) => id);
    for (const { indicator } of alternatives) expect(indicators).toContain(indicator);
  });

  it.each([
    ['a topic there is not', 'topic: unrated', 'topic: nothing', 'names no topic'],
    ['a choice there is not', 'choice: within_15s', 'choice: within_16s', 'names no choice'],
    ['the choice of the method itself', 'choice: within_15s', 'choice: at_any_time', 'is the method itself'],
    ['a method that it does not concern', 'method: post_call.calls', 'method: connect_rate.calls', 'does not concern'],
  ])('is refused with %s', (_, from, to, fault) => {
    expect(text).toContain(from);
    expect(() => readLedger(text.replace(from, to))).toThrow(fault);
  });
});
