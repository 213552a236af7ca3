import type { ApolloServerPlugin } from '@apollo/server';
import type { Config } from '@hotline/platform';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import type { FastifyReply } from 'fastify';
import type { HotlineRequest } from './request/context.decorators.js';
import { formatGraphQLError, httpOf } from './request/error-formatter.js';
import { limitCost, limitRules, operationLimits } from './request/operation-limits.js';

/** What travels with an operation. */
export interface OperationContext {
  readonly request: HotlineRequest;
  readonly reply: FastifyReply;
}

/** Errors carry the id of their request into the formatter, which is given nothing else of it; some say when to come back. */
const nameRequests: ApolloServerPlugin<OperationContext> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ contextValue, errors }) {
        for (const error of errors) {
          error.extensions['requestId'] = contextValue.request.id;
          const http = httpOf(error.originalError);
          if (http) error.extensions['http'] = http;
        }
      },
    };
  },
};

/** Closed unless a developer opened it: no introspection, no explorer, no suggestions, no stack. */
export function graphqlOptions(config: Config): ApolloDriverConfig {
  return {
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    introspection: config.development,
    playground: false,
    graphiql: config.development,
    hideSchemaDetailsFromClientErrors: !config.development,
    includeStacktraceInErrorResponses: false,
    // The few errors that have a status of their own (httpOf) keep it; Nest would answer 200.
    preserveHttpStatusForExecutionErrors: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    // Guards on fields are silently ignored without this.
    fieldResolverEnhancers: ['guards'],
    parseOptions: { maxTokens: operationLimits.tokens },
    validationRules: limitRules(),
    plugins: [nameRequests as ApolloServerPlugin, limitCost],
    context: (request: HotlineRequest, reply: FastifyReply): OperationContext => ({ request, reply }),
    formatError: (formatted, error) => {
      const requestId = formatted.extensions?.['requestId'];
      return formatGraphQLError(formatted, error, typeof requestId === 'string' ? requestId : '');
    },
  };
}
