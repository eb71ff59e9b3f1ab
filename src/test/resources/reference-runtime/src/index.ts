/** The package as projects install it: definitions keep `args` and `handler`, and nothing else. */
export interface Validator {
  type: string;
  optional?: boolean;
  table?: string;
  items?: Validator;
  fields?: Record<string, Validator>;
  variants?: Validator[];
  value?: unknown;
}

export interface FnDefinition {
  type: "query" | "mutation" | "action";
  args?: Record<string, Validator>;
  handler(ctx: any, args: any): unknown;
}

const definer = (type: FnDefinition["type"]) => (def: Omit<FnDefinition, "type">) => ({
  type,
  args: def.args,
  handler: def.handler,
});

export const query = definer("query");
export const mutation = definer("mutation");
export const action = definer("action");

export const v = {
  string: (): Validator => ({ type: "string" }),
  number: (): Validator => ({ type: "number" }),
  float: (): Validator => ({ type: "number" }),
  int: (): Validator => ({ type: "int" }),
  boolean: (): Validator => ({ type: "boolean" }),
  bool: (): Validator => ({ type: "boolean" }),
  datetime: (): Validator => ({ type: "string" }),
  richtext: (): Validator => ({ type: "string" }),
  id: (table: string): Validator => ({ type: "id", table }),
  null: (): Validator => ({ type: "null" }),
  any: (): Validator => ({ type: "any" }),
  array: (items: Validator): Validator => ({ type: "array", items }),
  object: (fields: Record<string, Validator>): Validator => ({ type: "object", fields }),
  optional: (inner: Validator): Validator => ({ ...inner, optional: true }),
  union: (...variants: Validator[]): Validator => ({ type: "union", variants }),
  literal: (value: unknown): Validator => ({ type: "literal", value }),
};
