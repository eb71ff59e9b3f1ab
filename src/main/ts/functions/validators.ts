/** `v`, which describes arguments, and the check of arguments against such a description. */

/** As they were at the start: a project that replaces one of them shall still be sent what it asks for. */
const { entries, hasOwn } = Object;
const { isArray } = Array;
const { push } = Array.prototype;
const { stringify } = JSON;

/**
 * What one value must look like. Plain data: it travels to the host as it is.
 *
 * @typeParam T what passes, for the compiler only
 */
export interface Validator<T = unknown> {
  readonly type: string;
  readonly optional?: boolean;
  readonly table?: string;
  readonly items?: Validator;
  readonly fields?: ArgsSpec;
  readonly variants?: readonly Validator[];
  readonly value?: unknown;
  readonly "~passes"?: T;
}

/** A validator whose value may be left out. */
export interface OptionalValidator<T> extends Validator<T> {
  readonly optional: true;
}

export type ArgsSpec = { readonly [name: string]: Validator };

/** What passes a validator. */
export type Infer<V> = V extends Validator<infer T> ? T : never;

type OptionalKeys<S> = { [K in keyof S]: S[K] extends { readonly optional: true } ? K : never }[keyof S];

type InferFields<S, Absent> = {
  [K in Exclude<keyof S, OptionalKeys<S>>]: Infer<S[K]>;
} & { [K in OptionalKeys<S>]?: Infer<S[K]> | Absent };

/** What passes a map of validators: the arguments a handler receives. `null` counts as left out. */
export type InferArgs<S> = InferFields<S, null>;

type Literal = string | number | boolean | null;

const string: Validator<string> = { type: "string" };
const number: Validator<number> = { type: "number" };
const boolean: Validator<boolean> = { type: "boolean" };

export const v = {
  string: (): Validator<string> => ({ ...string }),
  number: (): Validator<number> => ({ ...number }),
  float: (): Validator<number> => ({ ...number }),
  /** Fractions pass too, as they always did. */
  int: (): Validator<number> => ({ type: "int" }),
  boolean: (): Validator<boolean> => ({ ...boolean }),
  bool: (): Validator<boolean> => ({ ...boolean }),
  /** ISO text; its format is not checked. */
  datetime: (): Validator<string> => ({ ...string }),
  richtext: (): Validator<string> => ({ ...string }),
  id: (table: string): Validator<string> => ({ type: "id", table }),
  null: (): Validator<null> => ({ type: "null" }),
  any: (): Validator<unknown> => ({ type: "any" }),
  array: <T>(items: Validator<T>): Validator<T[]> => ({ type: "array", items }),
  object: <const S extends ArgsSpec>(fields: S): Validator<InferFields<S, undefined>> => ({
    type: "object",
    fields,
  }),
  optional: <T>(inner: Validator<T>): OptionalValidator<T> => ({ ...inner, optional: true }),
  union: <V extends Validator[]>(...variants: V): Validator<Infer<V[number]>> => ({
    type: "union",
    variants,
  }),
  literal: <const T extends Literal>(value: T): Validator<T> => ({ type: "literal", value }),
};

/**
 * Checks arguments against their validators.
 *
 * @returns one message per failing argument, in the order of declaration; none where all is well
 */
export function validate(args: unknown, spec: ArgsSpec): string[] {
  if (typeof args !== "object" || args === null) {
    return ["args must be an object"];
  }
  const faults: string[] = [];
  for (const [name, validator] of entries(spec)) {
    const value = ownMember(args, name);
    if (value === undefined || value === null) {
      if (!validator.optional) {
        push.call(faults, `Missing required field "${name}" (type: ${validator.type})`);
      }
      continue;
    }
    const fault = faultOf(value, validator, name);
    if (fault !== null) {
      push.call(faults, fault);
    }
  }
  return faults;
}

/** What was sent under a name, which may be one that every object has by itself. */
function ownMember(object: object, name: string): unknown {
  return hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

/** Says what is wrong with a value, the first thing found, or `null`. */
function faultOf(value: unknown, validator: Validator, path: string): string | null {
  const expected = (name: string) => `${path}: expected ${name}, got ${typeof value}`;
  switch (validator.type) {
    case "string":
      return typeof value === "string" ? null : expected("string");
    case "id":
      return typeof value === "string" ? null : expected("id string");
    case "number":
    case "int":
      return typeof value === "number" ? null : expected("number");
    case "boolean":
      return typeof value === "boolean" ? null : expected("boolean");
    case "null":
      return value === null ? null : expected("null");
    case "literal":
      return value === validator.value
        ? null
        : `${path}: expected literal ${stringify(validator.value)}, got ${stringify(value)}`;
    case "array":
      return isArray(value) ? faultOfItems(value, validator.items, path) : expected("array");
    case "object":
      return typeof value === "object" && value !== null && !isArray(value)
        ? faultOfFields(value as Record<string, unknown>, validator.fields ?? {}, path)
        : `${path}: expected object`;
    case "union":
      return faultOfVariants(value, validator.variants ?? [], path);
    default:
      return null;
  }
}

function faultOfVariants(value: unknown, variants: readonly Validator[], path: string): string | null {
  for (const variant of variants) {
    if (faultOf(value, variant, path) === null) {
      return null;
    }
  }
  return `${path}: value does not match any variant`;
}

function faultOfItems(items: unknown[], validator: Validator | undefined, path: string): string | null {
  if (validator === undefined) {
    return null;
  }
  for (let index = 0; index < items.length; index++) {
    const fault = faultOf(items[index], validator, `${path}[${index}]`);
    if (fault !== null) {
      return fault;
    }
  }
  return null;
}

/** Inside an object only `undefined` counts as absent: a `null` is a value and is checked. */
function faultOfFields(object: Record<string, unknown>, fields: ArgsSpec, path: string): string | null {
  for (const [name, validator] of entries(fields)) {
    const value = ownMember(object, name);
    if (value === undefined) {
      if (!validator.optional) {
        return `${path}.${name}: required field missing`;
      }
      continue;
    }
    const fault = faultOf(value, validator, `${path}.${name}`);
    if (fault !== null) {
      return fault;
    }
  }
  return null;
}
