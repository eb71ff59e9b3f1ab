package dev.pylon.cli.codegen;

import dev.pylon.json.Json;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of the generated types. The fixed part's names are taken from the start; a second claim on
 * a name gets an underscore, so that an entity called {@code Actions} does no harm. Confined to one
 * generation.
 */
final class Names {
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");

  /** Words that cannot name a type, and types the fixed part uses. */
  private static final Set<String> RESERVED =
      Set.of(
          "any",
          "bigint",
          "boolean",
          "never",
          "null",
          "number",
          "object",
          "string",
          "symbol",
          "undefined",
          "unknown",
          "void",
          "Array",
          "Promise",
          "Record",
          "Partial",
          "Omit",
          "Error",
          "RequestInit");

  private final Set<String> taken = new HashSet<>(RESERVED);

  Names(Set<String> fixed) {
    taken.addAll(fixed);
  }

  /** A free name for a type, as near to {@code wanted} as can be. */
  String claim(String wanted) {
    String name = wanted.replaceAll("[^A-Za-z0-9_$]", "_");
    if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
      name = "_" + name;
    }
    while (!taken.add(name)) {
      name += "_";
    }
    return name;
  }

  /** {@code name} with a capital first letter. */
  static String capitalised(String name) {
    return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /** {@code name} as a property's key. */
  static String key(String name) {
    return IDENTIFIER.matcher(name).matches() ? name : Json.text(name);
  }
}
