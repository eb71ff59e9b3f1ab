/** `policy`: who may do what with rows, and `definePlugin`. */

const EXPRESSIONS = [
  "allow",
  "allowRead",
  "allowInsert",
  "allowUpdate",
  "allowDelete",
  "allowWrite",
] as const;

type Expressions = { readonly [K in (typeof EXPRESSIONS)[number]]?: string };

/** Rules of an entity or an action. An expression left out or empty says nothing. */
export interface PolicySpec extends Expressions {
  readonly name: string;
  readonly entity?: string;
  readonly action?: string;
}

export function policy(spec: PolicySpec): PolicySpec {
  return spec;
}

export function policiesToManifest(policies: readonly PolicySpec[]): PolicySpec[] {
  return policies.map((policy) => ({
    name: policy.name,
    ...(policy.entity && { entity: policy.entity }),
    ...(policy.action && { action: policy.action }),
    ...Object.fromEntries(EXPRESSIONS.filter((key) => policy[key]).map((key) => [key, policy[key]])),
  }));
}

/** A bundle of entities and hooks. It never reaches the manifest: spread its entities where you build it. */
export interface PluginSpec<E = unknown, H = unknown> {
  readonly name: string;
  readonly entities?: E;
  readonly hooks?: H;
}

export function definePlugin<P extends PluginSpec>(spec: P): P {
  return spec;
}
