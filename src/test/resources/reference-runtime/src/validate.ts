/** The check of arguments, with the texts of the contract (functions contract, 2.7). */
import type { Validator } from "./index";

export function validateArgs(args: any, spec: Record<string, Validator>): string[] {
  if (typeof args !== "object" || args === null) {
    return ["args must be an object"];
  }
  const faults: string[] = [];
  for (const [key, validator] of Object.entries(spec)) {
    const value = args[key];
    if (value === undefined || value === null) {
      if (!validator.optional) {
        faults.push(`Missing required field "${key}" (type: ${validator.type})`);
      }
      continue;
    }
    const fault = check(value, validator, key);
    if (fault) {
      faults.push(fault);
    }
  }
  return faults;
}

function check(value: any, validator: Validator, path: string): string | null {
  const not = (what: string) => `${path}: expected ${what}, got ${typeof value}`;
  switch (validator.type) {
    case "string":
      return typeof value === "string" ? null : not("string");
    case "number":
    case "int":
      return typeof value === "number" ? null : not("number");
    case "boolean":
      return typeof value === "boolean" ? null : not("boolean");
    case "id":
      return typeof value === "string" ? null : not("id string");
    case "null":
      return value === null ? null : not("null");
    case "literal":
      return value === validator.value
        ? null
        : `${path}: expected literal ${JSON.stringify(validator.value)}, got ${JSON.stringify(value)}`;
    case "array":
      if (!Array.isArray(value)) {
        return not("array");
      }
      return first(value.map((item, i) => validator.items && check(item, validator.items, `${path}[${i}]`)));
    case "object":
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return `${path}: expected object`;
      }
      return first(
        Object.entries(validator.fields ?? {}).map(([key, field]) =>
          value[key] === undefined
            ? field.optional
              ? null
              : `${path}.${key}: required field missing`
            : check(value[key], field, `${path}.${key}`),
        ),
      );
    case "union":
      return validator.variants?.some((variant) => check(value, variant, path) === null)
        ? null
        : `${path}: value does not match any variant`;
    default:
      return null;
  }
}

function first(faults: (string | null | undefined)[]): string | null {
  return faults.find((fault) => fault) ?? null;
}
