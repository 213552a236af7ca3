import type { ApolloServerPlugin } from '@apollo/server';
import { costLimitRule } from '@escape.tech/graphql-armor-cost-limit';
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  getArgumentValues,
  GraphQLError,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { apiMessage } from './api-messages.js';

/** How much one operation may ask for. The longest of the console and of the documents need less than half of each. */
export const operationLimits = { depth: 8, aliases: 15, directives: 50, tokens: 1000, cost: 5000 } as const;

/** Reported as any other fault of the query, in both languages; thrown, it would look like a failure of ours. */
function told(code: string, limit: number) {
  return {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null): void => {
        const { message, messageEn } = apiMessage(code, { limit });
        context?.reportError(new GraphQLError(message, { extensions: { messageEn } }));
      },
    ],
  };
}

/** Limits that the text of a query shows by itself; tokens are counted by the parser. */
export function limitRules(): ValidationRule[] {
  const { depth, aliases, directives } = operationLimits;
  return [
    maxDepthRule({
      ...{ n: depth, flattenFragments: true, ignoreIntrospection: true },
      ...told('operation_too_deep', depth),
    }),
    maxAliasesRule({ n: aliases, allowList: [], ...told('operation_too_many_aliases', aliases) }),
    maxDirectivesRule({ n: directives, ...told('operation_too_many_directives', directives) }),
  ].map((rule) => rule as unknown as ValidationRule);
}

/** Says in `extensions.cost` what an operation costs, and refuses what costs too much before anything is read. */
export const limitCost: ApolloServerPlugin = {
  async requestDidStart() {
    let cost: number | null = null;
    return {
      async didResolveOperation({ schema, document, operation, request }) {
        // Several operations without a choice: refused by the execution.
        if (!operation) return;
        cost = operationCost(schema, document, operation.name?.value, request.variables ?? {});
        if (cost <= operationLimits.cost) return;
        const { message, messageEn } = apiMessage('operation_too_costly', { cost, limit: operationLimits.cost });
        throw new GraphQLError(message, {
          extensions: { code: 'operation_too_costly', messageEn, http: { status: 400 } },
        });
      },
      async willSendResponse({ response }) {
        if (cost === null || response.body.kind !== 'single') return;
        response.body.singleResult.extensions = {
          ...response.body.singleResult.extensions,
          cost: { requested: cost, limit: operationLimits.cost },
        };
      },
    };
  },
};

/** Objects count 2, values 1, each as often as the pages it is on are long; pages by default or by variable too. */
export function operationCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  variables: Readonly<Record<string, unknown>>,
): number {
  const explicit = withPageSizes(schema, document, variables);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const definition of explicit.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION && (definition.name?.value ?? null) === (operationName ?? null)) {
      operation = definition;
    }
  }
  if (!operation) throw new Error('the operation is not in its own document');
  let cost = 0;
  const rule = costLimitRule({
    maxCost: Number.MAX_VALUE,
    depthCostFactor: 1,
    onAccept: [
      (_context: unknown, { n }: { readonly n: number }): void => {
        cost = n;
      },
    ],
  });
  const context = { getFragment: (name: string) => fragments.get(name) } as unknown as ValidationContext;
  const visitor = rule(context) as unknown as { OperationDefinition: { enter(node: OperationDefinitionNode): void } };
  visitor.OperationDefinition.enter(operation);
  return cost;
}

/** The same document with `first` written out as a number wherever a list is asked for. */
function withPageSizes(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): DocumentNode {
  const types = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        leave(node): FieldNode | undefined {
          const definition = types.getFieldDef();
          if (!definition?.args.some(({ name }) => name === 'first')) return undefined;
          const size = pageSize(() => getArgumentValues(definition, node, variables)['first']);
          return {
            ...node,
            arguments: [
              {
                kind: Kind.ARGUMENT,
                name: { kind: Kind.NAME, value: 'first' },
                value: { kind: Kind.INT, value: String(size) },
              },
            ],
          };
        },
      },
    }),
  );
}

/** Values that are no numbers are refused by the schema later; until then they count as one. */
function pageSize(read: () => unknown): number {
  try {
    const size = read();
    return typeof size === 'number' && size > 0 ? size : 1;
  } catch {
    return 1;
  }
}
