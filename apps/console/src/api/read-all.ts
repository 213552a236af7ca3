import type { Answer } from './api-client.js';
import type { Page } from './operations.js';

/** Every item of a list that comes in pages. */
export async function readAll<T>(read: (after: string | null) => Promise<Answer<Page<T>>>): Promise<Answer<T[]>> {
  const found: T[] = [];
  let after: string | null = null;
  do {
    const answer: Answer<Page<T>> = await read(after);
    if (!answer.ok) return answer;
    found.push(...answer.value.edges.map(({ node }) => node));
    const { hasNextPage, endCursor } = answer.value.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null);
  return { ok: true, value: found };
}
