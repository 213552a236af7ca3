import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { operations } from './operations.js';

const schema = buildSchema(readFileSync(new URL('../../../api/schema.gql', import.meta.url), 'utf8'));

describe('what the screens ask the API', () => {
  it.each(Object.entries(operations))('%s is what its schema offers', (_, { text }) => {
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
  });
});
