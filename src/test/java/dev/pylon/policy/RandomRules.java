package dev.pylon.policy;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rules as nobody would write them, about the rows of {@link VisibleRowsContract}. */
final class RandomRules {
  private static final List<String> TEXTS = List.of("owner", "org", "title", "note", "boxId", "id");
  private static final List<String> NUMBERS = List.of("size", "max", "price");
  private static final List<String> FLAGS = List.of("flag", "hid");
  private static final List<String> TIMES = List.of("due", "at");
  private static final List<String> CALLERS =
      List.of("auth.userId", "auth.tenantId", "auth.isAdmin", "auth.user_id", "auth.nothing");
  private static final List<String> WORDS =
      List.of("''", "'ann'", "'bob'", "'acme'", "'a'", "'é'", "'😀'", "'5'", "'2.5'", "'%'", "'A'");
  private static final List<String> MOMENTS =
      List.of(
          "'2026-01-02'", "'2026-01-02T00:00:00.000Z'", "'2026-01-03T01:00:00+01:00'", "'soon'");

  private final Random random;

  RandomRules(Random random) {
    this.random = random;
  }

  /** A rule; about one in ten has a part that no database judges. */
  String next() {
    return rule(random.nextInt(4));
  }

  private String rule(int depth) {
    if (depth == 0) {
      return atom();
    }
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> joined(" && ", depth);
      case 3, 4, 5 -> joined(" || ", depth);
      case 6 -> "!(" + rule(depth - 1) + ")";
      default -> "(" + rule(depth - 1) + ") == " + oneOf(List.of("true", "false", "null", flag()));
    };
  }

  private String joined(String sign, int depth) {
    return IntStream.range(0, random.nextInt(2, 4))
        .mapToObj(_ -> {
          String part = rule(depth - 1);
          return part.contains(" && ") || part.contains(" || ") ? "(" + part + ")" : part;
        })
        .collect(Collectors.joining(sign));
  }

  private String atom() {
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> oneOf(CALLERS) + equality() + text();
      case 3 -> text() + equality() + oneOf(WORDS);
      case 4 -> text() + comparison() + (random.nextBoolean() ? text() : oneOf(WORDS));
      case 5 -> number() + comparison() + (random.nextBoolean() ? number() : literal());
      case 6 -> flag() + equality() + oneOf(List.of("true", "false", "null", flag(), "'true'"));
      case 7 -> oneOf(List.of("", "!")) + any();
      case 8 -> any() + equality() + "null";
      case 9 -> time() + comparison() + oneOf(MOMENTS);
      case 10 -> text() + " in " + list();
      case 11 ->
          oneOf(List.of("starts_with", "ends_with")) + "(" + text() + ", " + oneOf(WORDS) + ")";
      case 12 -> oneOf(List.of("auth.hasRole('editor')", "!auth.hasAnyRole('x', 'editor')"));
      case 13 -> any() + comparison() + any();
      case 14 -> oneOf(List.of("auth.userId != null", "true", "false", "auth.tenantId == 'acme'"));
      default ->
          number() + " " + oneOf(List.of("+", "-", "*", "/", "%")) + " 2" + comparison() + number();
    };
  }

  private String list() {
    return random.nextInt(4) == 0
        ? "auth.roles"
        : IntStream.range(0, random.nextInt(4))
            .mapToObj(_ -> oneOf(List.of(oneOf(WORDS), "null", "auth.userId", "5", text())))
            .collect(Collectors.joining(", ", "[", "]"));
  }

  private String equality() {
    return oneOf(List.of(" == ", " != "));
  }

  private String comparison() {
    return oneOf(List.of(" == ", " != ", " < ", " <= ", " > ", " >= "));
  }

  private String any() {
    return switch (random.nextInt(6)) {
      case 0 -> number();
      case 1 -> flag();
      case 2 -> time();
      case 3 ->
          oneOf(List.of("data.nothing", "existing.owner", "data.owner.id", "input.x", "other"));
      default -> text();
    };
  }

  private String literal() {
    return oneOf(List.of("0", "5", "2.5", "-1", "9007199254740993", "'5'", "1.0"));
  }

  private String text() {
    return "data." + oneOf(TEXTS);
  }

  private String number() {
    return "data." + oneOf(NUMBERS);
  }

  private String flag() {
    return "data." + oneOf(FLAGS);
  }

  private String time() {
    return "data." + oneOf(TIMES);
  }

  private <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
