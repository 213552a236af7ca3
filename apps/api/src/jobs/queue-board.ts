import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { MESSAGES, type MessageQueue } from '@hotline/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AuthGuard } from '../request/auth.guard.js';
import type { Need } from '../request/context.decorators.js';
import { sendError } from '../request/error-formatter.js';

export const queueBoardPath = '/queues';

const operatorsOnly: Need = { role: 'administrator', scope: null, kinds: ['operator'] };

/**
 * Bull Board below /queues, where there is a queue: the messages on Redis, which hold the ids of jobs and no more. To look
 * at only: what happens to a job, its row in PostgreSQL decides.
 */
export async function serveQueueBoard(app: NestFastifyApplication): Promise<void> {
  const messages = app.get<MessageQueue | null>(MESSAGES);
  if (messages === null) return;
  const guard = app.get(AuthGuard);
  const board = new FastifyAdapter().setBasePath(queueBoardPath);
  createBullBoard({
    queues: [new BullAdapter(messages, { readOnlyMode: true })],
    serverAdapter: board,
    options: { uiConfig: { boardTitle: '热线指数 Hotline Index' } },
  });
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  await fastify.register(
    async (scope) => {
      // Nest's guards see Nest's handlers only: here the same guard is asked before any of them.
      scope.addHook('onRequest', async (request, reply) => {
        try {
          await guard.admitAgain(request, operatorsOnly);
        } catch (error) {
          sendError(error, request, reply);
          return reply;
        }
      });
      await scope.register(board.registerPlugin());
    },
    { prefix: queueBoardPath },
  );
}
