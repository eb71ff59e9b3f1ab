/** Pages, queries and actions as metadata: for generated clients and for validation. */

export interface RouteSpec {
  readonly path: string;
  readonly mode: "static" | "server" | "live";
  readonly query?: string;
  readonly auth?: "public" | "user";
}

export interface InputSpec {
  readonly name: string;
  readonly type: string;
  readonly optional?: boolean;
}

export interface OperationDefinition {
  readonly name: string;
  readonly input?: readonly InputSpec[];
}

export interface ManifestOperation {
  name: string;
  input?: { name: string; type: string; optional: boolean; unique: false }[];
}

export function defineRoute(spec: RouteSpec): RouteSpec {
  return spec;
}

export function query(name: string, options: { input?: readonly InputSpec[] } = {}): OperationDefinition {
  return { name, ...options };
}

export function action(name: string, options: { input?: readonly InputSpec[] } = {}): OperationDefinition {
  return { name, ...options };
}

export function routesToManifest(routes: readonly RouteSpec[]): RouteSpec[] {
  return routes.map(({ path, mode, query, auth }) => ({
    path,
    mode,
    ...(query !== undefined && { query }),
    ...(auth !== undefined && { auth }),
  }));
}

export const queriesToManifest = operationsToManifest;

export const actionsToManifest = operationsToManifest;

function operationsToManifest(operations: readonly OperationDefinition[]): ManifestOperation[] {
  return operations.map(({ name, input = [] }) => ({
    name,
    ...(input.length > 0 && {
      input: input.map(({ name, type, optional = false }) => ({
        name,
        type,
        optional,
        unique: false as const,
      })),
    }),
  }));
}
