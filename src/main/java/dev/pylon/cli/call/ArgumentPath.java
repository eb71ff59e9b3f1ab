package dev.pylon.cli.call;

import dev.pylon.cli.command.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where in the arguments a value goes: {@code a.b}, {@code a[0].b}, {@code a[]}. */
final class ArgumentPath {
  /** One step from a value into it. */
  sealed interface Step {}

  record Member(String name) implements Step {}

  record Item(int index) implements Step {}

  /** One place behind the last item. */
  record Append() implements Step {}

  private ArgumentPath() {}

  /** The steps of {@code key}, the first of which is a member. */
  static List<Step> parse(String key) {
    var steps = new ArrayList<Step>();
    for (String part : key.split("\\.", -1)) {
      int bracket = part.indexOf('[');
      String name = bracket < 0 ? part : part.substring(0, bracket);
      if (name.isEmpty() || bracket == 0) {
        throw malformed(key);
      }
      steps.add(new Member(name));
      String rest = bracket < 0 ? "" : part.substring(bracket);
      while (!rest.isEmpty()) {
        int end = rest.indexOf(']');
        if (rest.charAt(0) != '[' || end < 0) {
          throw malformed(key);
        }
        steps.add(end == 1 ? new Append() : new Item(index(rest.substring(1, end), key)));
        rest = rest.substring(end + 1);
      }
    }
    return steps;
  }

  private static int index(String text, String key) {
    try {
      int index = Integer.parseInt(text);
      if (index >= 0) {
        return index;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw malformed(key);
  }

  private static Failure malformed(String key) {
    return Failure.usage(
        "not the name of an argument: \"%s\"".formatted(key),
        "For example: title, a.b, list[0], list[]");
  }

  /** Puts {@code value} into {@code root} at the end of {@code steps}, making what lies between. */
  static void put(
      Map<String, @Nullable Object> root, List<Step> steps, String key, @Nullable Object value) {
    Object place = root;
    for (int i = 0; i < steps.size() - 1; i++) {
      boolean nextIsMember = steps.get(i + 1) instanceof Member;
      Object inside = inside(place, steps.get(i), key);
      if (inside == null) {
        inside = nextIsMember ? new LinkedHashMap<String, Object>() : new ArrayList<Object>();
        set(place, steps.get(i), key, inside);
      }
      place = inside;
    }
    set(place, steps.getLast(), key, value);
  }

  private static @Nullable Object inside(Object place, Step step, String key) {
    return switch (step) {
      case Member(String name) -> members(place, key).get(name);
      case Item(int index) -> {
        List<@Nullable Object> items = items(place, key);
        yield index < items.size() ? items.get(index) : null;
      }
      case Append _ -> null;
    };
  }

  private static void set(Object place, Step step, String key, @Nullable Object value) {
    switch (step) {
      case Member(String name) -> members(place, key).put(name, value);
      case Append _ -> items(place, key).add(value);
      case Item(int index) -> {
        List<@Nullable Object> items = items(place, key);
        if (index < items.size()) {
          items.set(index, value);
        } else if (index == items.size()) {
          items.add(value);
        } else {
          throw Failure.usage(
              "\"%s\" leaves a gap: the list has %d items so far".formatted(key, items.size()),
              null);
        }
      }
    }
  }

  @SuppressWarnings("unchecked") // maps here come from the parser or from put
  private static Map<String, @Nullable Object> members(Object place, String key) {
    if (place instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw conflict(key);
  }

  @SuppressWarnings("unchecked") // lists here come from the parser or from put
  private static List<@Nullable Object> items(Object place, String key) {
    if (place instanceof List<?> list) {
      return (List<@Nullable Object>) list;
    }
    throw conflict(key);
  }

  private static Failure conflict(String key) {
    return Failure.usage(
        "\"%s\" does not fit an earlier argument of the same name".formatted(key), null);
  }
}
