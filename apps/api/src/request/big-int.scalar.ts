import { GraphQLScalarType } from 'graphql';

/** Counts of bytes pass 2³¹; they are exact as long as they are below 2⁵³. */
export const GraphQLBigInt = new GraphQLScalarType<number, number>({
  name: 'BigInt',
  description: '不大于 2⁵³ 的整数 A whole number up to 2⁵³',
  serialize: (value) => Number(value),
});
