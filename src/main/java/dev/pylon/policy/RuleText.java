package dev.pylon.policy;

import dev.pylon.json.JsonPlaces;
import dev.pylon.schema.Diagnostic.Span;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the rules of a manifest stand in the files their author wrote. */
public interface RuleText {
  /** Nowhere that anybody knows. */
  RuleText UNKNOWN = (_, _, _, _) -> Optional.empty();

  /**
   * Where a rule has a certain character.
   *
   * @param policy the how manieth policy of the manifest, from 0
   * @param member where in it, such as {@code allowRead}
   * @param rule the whole rule
   * @param at which character of it, from 0
   */
  Optional<Span> place(int policy, String member, String rule, int at);

  /** The manifest {@code json}, which its author calls {@code file}. Columns count bytes. */
  static RuleText ofManifest(byte[] json, String file) {
    return (policy, member, _, at) ->
        JsonPlaces.of(json)
            .at("policies[%d].%s".formatted(policy, member))
            .map(place ->
                new Span(file, place.line(), place.column() + 1 + written(json, place, at)));
  }

  /** How many bytes the first {@code chars} characters of the JSON text at {@code place} take. */
  private static int written(byte[] json, JsonPlaces.Place place, int chars) {
    int start = 0;
    for (int line = 1; line < place.line(); start++) {
      line += json[start] == '\n' ? 1 : 0;
    }
    start += place.column();
    int at = start;
    for (int n = 0; n < chars && at < json.length && json[at] != '"'; n++) {
      if (json[at] == '\\') {
        at += json[at + 1] == 'u' ? 6 : 2;
      } else {
        int lead = json[at] & 0xFF;
        int bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        // Four bytes are two of Java's characters.
        n += bytes == 4 ? 1 : 0;
        at += bytes;
      }
    }
    return at - start;
  }

  /**
   * The sources a manifest was made of. A rule is found where its text stands in exactly one place
   * of all of them.
   *
   * @param sources reads them, by the name their author gave them; asked where there is something
   *     to be found
   */
  static RuleText ofSources(Supplier<Map<String, String>> sources) {
    return (_, _, rule, at) -> {
      Optional<Span> found = Optional.empty();
      if (rule.isBlank()) {
        return found;
      }
      for (Map.Entry<String, String> source : sources.get().entrySet()) {
        String text = source.getValue();
        for (int start = text.indexOf(rule); start >= 0; start = text.indexOf(rule, start + 1)) {
          if (found.isPresent()) {
            return Optional.empty();
          }
          found = Optional.of(span(source.getKey(), text, start + at));
        }
      }
      return found;
    };
  }

  private static Span span(String file, String text, int at) {
    String before = text.substring(0, Math.min(at, text.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    int column =
        before.substring(before.lastIndexOf('\n') + 1).getBytes(StandardCharsets.UTF_8).length + 1;
    return new Span(file, line, column);
  }
}
