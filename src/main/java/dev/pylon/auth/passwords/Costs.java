package dev.pylon.auth.passwords;

import java.util.HashMap;
import java.util.Map;

/** The costs in a stored hash, such as {@code m=19456,t=2,p=1}. */
record Costs(Map<String, Integer> byName) {
  Costs {
    byName = Map.copyOf(byName);
  }

  /**
   * @throws IllegalArgumentException where the text is something else
   */
  static Costs parse(String text) {
    var costs = new HashMap<String, Integer>();
    for (String part : text.split(",")) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(text);
      }
      costs.put(part.substring(0, equals), Integer.parseInt(part.substring(equals + 1)));
    }
    return new Costs(costs);
  }

  /**
   * One of them.
   *
   * @param most beyond this a hash was not made to be checked, but to stop us
   * @throws IllegalArgumentException where it is missing or out of bounds
   */
  int of(String name, int most) {
    Integer cost = byName.get(name);
    if (cost == null || cost < 1 || cost > most) {
      throw new IllegalArgumentException(name);
    }
    return cost;
  }
}
