import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import { LOG, type RequestContext } from '@hotline/platform';
import { KeptAnswersService, TenancyError, type MarkedRequest } from '@hotline/tenancy';
import { Plugin } from '@nestjs/apollo';
import { Inject } from '@nestjs/common';
import canonicalize from 'canonicalize';
import {
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Logger } from 'pino';
import type { OperationContext } from '../graphql.js';
import { ApiFailure } from './api-failure.js';
import { AuthGuard } from './auth.guard.js';
import { publicError } from './error-formatter.js';

/** Printable ASCII, as a UUID is. */
const keyPattern = /^[\x21-\x7e]{1,200}$/;

interface Marked {
  readonly ctx: RequestContext;
  readonly request: MarkedRequest;
}

/** `Idempotency-Key`: a mutation that is sent again is answered as the first time, and not carried out twice. */
@Plugin()
export class RepeatedMutations implements ApolloServerPlugin<OperationContext> {
  constructor(
    private readonly guard: AuthGuard,
    private readonly answers: KeptAnswersService,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async requestDidStart(): Promise<GraphQLRequestListener<OperationContext>> {
    let carriedOut: Marked | null = null;
    return {
      responseForOperation: async ({ request, operation, document, schema, contextValue }) => {
        const { request: http } = contextValue;
        const key = http.headers['idempotency-key'];
        if (key === undefined || operation.operation !== 'mutation') return null;
        // Whoever may not ask is told so by the guard.
        const ctx = await this.guard.admit(http).catch(() => undefined);
        if (!ctx) return null;
        try {
          if (typeof key !== 'string' || !keyPattern.test(key)) throw new ApiFailure('idempotency_key_invalid', 400);
          if (isGivenOnce(schema, document)) throw new ApiFailure('idempotency_key_refused', 400);
          const { query, operationName, variables } = request;
          const asked = canonicalize({ query, operationName: operationName ?? null, variables: variables ?? {} });
          const marked = { ctx, request: { key, request: asked ?? '' } };
          const begun = await this.answers.begin(ctx, marked.request);
          if (begun.first) {
            carriedOut = marked;
            return null;
          }
          return answerOf(begun.answer, { 'idempotency-replayed': 'true' });
        } catch (error) {
          if (!(error instanceof ApiFailure) && !(error instanceof TenancyError)) throw error;
          const { status, code, message, messageEn } = publicError(error, http.id);
          const refusal: GraphQLFormattedError = { message, extensions: { code, messageEn, requestId: http.id } };
          return answerOf({ errors: [refusal] }, {}, status);
        }
      },
      willSendResponse: async ({ response }) => {
        if (carriedOut === null || response.body.kind !== 'single') return;
        const { data, errors } = response.body.singleResult;
        const { ctx, request } = carriedOut;
        try {
          // Nothing of it was done: it may be sent again.
          if (Object.values(data ?? {}).every((value) => value === null)) await this.answers.forget(ctx, request);
          else await this.answers.keep(ctx, request, { data, ...(errors ? { errors } : {}) });
        } catch (error) {
          // It was carried out, and that is what its caller has to hear.
          this.log.error({ err: error }, 'an answer could not be kept for being asked again');
        }
      },
    };
  }
}

function answerOf(result: ExecutionResult | object, headers: Readonly<Record<string, string>>, status?: number) {
  return {
    body: { kind: 'single' as const, singleResult: result as { errors?: readonly GraphQLFormattedError[] } },
    http: { headers: new HeaderMap(Object.entries(headers)), ...(status === undefined ? {} : { status }) },
  };
}

function isGivenOnce(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let found = false;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => {
        if (types.getParentType() === schema.getMutationType()) {
          found ||= types.getFieldDef()?.extensions['givenOnce'] === true;
        }
      },
    }),
  );
  return found;
}
