import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { withTrail } from './trail.js';
import { NestLog, openLog } from './log.js';

function logged(write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(openLog({ logLevel: 'debug' }, { write: (line) => void lines.push(line) }));
  return lines.map((line) => {
    expect(line.trimEnd()).not.toMatch(/[\n\r\u001b]/);
    return JSON.parse(line) as Record<string, unknown>;
  });
}

describe('the log', () => {
  it('carries the ids of the request in every line it causes', async () => {
    const lines: string[] = [];
    const log = openLog({ logLevel: 'info' }, { write: (line) => void lines.push(line) });
    await withTrail({ requestId: 'r-1', tenantId: 't-1' }, async () => {
      await Promise.resolve();
      log.info('inside');
    });
    log.info('outside');
    expect(lines.map((line) => (JSON.parse(line) as { requestId?: string }).requestId)).toEqual(['r-1', undefined]);
  });

  it('stays one line whatever is in it', () => {
    const [line] = logged((log) => log.info({ fileName: 'a\r\n{"level":60}\u001b[31m.csv' }, 'received'));
    expect(line).toMatchObject({ fileName: 'a\r\n{"level":60}\u001b[31m.csv', msg: 'received' });
  });

  it('tells of a failed statement without its values', () => {
    const cause = Object.assign(new Error('duplicate key value'), {
      code: '23505',
      detail: 'Key (phone)=(13800138000)',
    });
    const error = new QueryFailedError('insert into person values ($1)', ['13800138000'], cause);
    const [line] = logged((log) => log.error({ err: error }, 'failed'));
    expect(line).toMatchObject({ err: { message: 'duplicate key value', code: '23505' } });
    expect(JSON.stringify(line)).not.toContain('13800138000');
  });

  it('takes Nest’s own messages', () => {
    const lines = logged((log) => {
      const nest = new NestLog(log);
      nest.log('started', 'NestFactory');
      nest.error('failed', 'the stack', 'Router');
      nest.warn(new Error('odd'));
    });
    expect(lines).toMatchObject([
      { level: 30, msg: 'started', context: 'NestFactory' },
      { level: 50, msg: 'failed', stack: 'the stack', context: 'Router' },
      { level: 40, msg: 'odd', err: { message: 'odd' } },
    ]);
  });
});
