import { Injectable, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { needsKey, portalsKey, publicKey } from './context.decorators.js';

/** The process does not start with an operation for which nobody decided who may do it. */
@Injectable()
export class DeclaredOperations implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly methods: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    const undeclared = [...this.discovery.getProviders(), ...this.discovery.getControllers()].flatMap(({ metatype }) =>
      typeof metatype === 'function' ? this.undeclaredOf(metatype as Type) : [],
    );
    if (undeclared.length > 0) throw new UndeclaredOperations(undeclared);
  }

  private undeclaredOf(type: Type): string[] {
    const prototype = type.prototype as Readonly<Record<string, object>> | undefined;
    if (!prototype) return [];
    return this.methods
      .getAllMethodNames(prototype)
      .filter((name) => {
        const handler = prototype[name];
        if (!handler || !isOperation(handler)) return false;
        return ![needsKey, publicKey, portalsKey].some(
          (key) => Reflect.hasMetadata(key, handler) || Reflect.hasMetadata(key, type),
        );
      })
      .map((name) => `${type.name}.${name}`);
  }
}

export class UndeclaredOperations extends Error {
  constructor(operations: readonly string[]) {
    super(`none of @Needs, @Public and @ForPortals on ${operations.join(', ')}`);
    this.name = 'UndeclaredOperations';
  }
}

/** A root operation or a route. Fields are let through with the object they belong to. */
function isOperation(handler: object): boolean {
  if (Reflect.hasMetadata('method', handler)) return true;
  const kind: unknown = Reflect.getMetadata('graphql:resolver_type', handler);
  return kind === 'Query' || kind === 'Mutation' || kind === 'Subscription';
}
