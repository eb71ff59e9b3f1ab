package dev.pylon.cli.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Suggestions;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a function's arguments from the words typed after its name (command line contract, 16.1):
 * {@code key=value}, {@code key:=json}, either with {@code @file}, paths such as {@code a.b[0]=x},
 * and {@code --key value} for declared arguments.
 *
 * <p>The declaration is asked for only by forms that need a type: it costs an exchange.
 */
final class Arguments {
  private final Supplier<Optional<FunctionInfo>> declaration;
  private final Function<String, byte[]> files;
  private final Map<String, @Nullable Object> root;
  private @Nullable Optional<FunctionInfo> known;

  /**
   * @param base what {@code --args} gave
   * @param files reads a file by the name typed
   */
  Arguments(
      Map<String, @Nullable Object> base,
      Supplier<Optional<FunctionInfo>> declaration,
      Function<String, byte[]> files) {
    this.root = new LinkedHashMap<>(base);
    this.declaration = declaration;
    this.files = files;
  }

  /**
   * What {@code --args} gives.
   *
   * @throws Failure {@link ExitStatus#DATA} where it is not a JSON object
   */
  static Map<String, @Nullable Object> base(byte[] json, String source) {
    if (json(json, source) instanceof Map<?, ?> map) {
      return Json.asObject(map);
    }
    throw new Failure(
        ExitStatus.DATA, "ARGS_NOT_AN_OBJECT", source + " is JSON, but not an object", null);
  }

  /** Adds {@code words} in order; later ones win. */
  Map<String, @Nullable Object> with(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("--") && word.length() > 2) {
        boolean takesNext = option(word, i + 1 < words.size() ? words.get(i + 1) : null);
        i += takesNext ? 1 : 0;
      } else {
        assignment(word);
      }
    }
    return root;
  }

  private void assignment(String word) {
    int equals = word.indexOf('=');
    if (equals <= 0 || word.startsWith("{") || word.startsWith(":=")) {
      throw Failure.usage(
          "not an argument: \"%s\"".formatted(word),
          word.startsWith("{")
              ? "JSON goes into an option: --args '{…}'"
              : "Arguments are key=value, key:=json, or --args JSON");
    }
    boolean json = word.charAt(equals - 1) == ':';
    String key = word.substring(0, json ? equals - 1 : equals);
    String text = word.substring(equals + 1);
    if (json) {
      byte[] bytes = text.startsWith("@") ? files.apply(text.substring(1)) : text.getBytes(UTF_8);
      put(key, json(bytes, text.startsWith("@") ? text.substring(1) : "\"" + key + "\""));
    } else if (text.startsWith("@@")) {
      put(key, text.substring(1));
    } else if (text.startsWith("@")) {
      put(key, new String(files.apply(text.substring(1)), UTF_8));
    } else {
      put(key, Validators.value(validator(key), text));
    }
  }

  /**
   * {@code --key value}, {@code --key=value}, or {@code --flag}; whether the next word is its
   * value.
   */
  private boolean option(String word, @Nullable String next) {
    int equals = word.indexOf('=');
    String key = equals < 0 ? word.substring(2) : word.substring(2, equals);
    Map<String, @Nullable Object> validator = validator(key);
    if (validator == null) {
      throw unknown(key);
    }
    if (equals >= 0) {
      put(key, Validators.value(validator, word.substring(equals + 1)));
      return false;
    }
    boolean isFlag = Validators.type(validator).equals("boolean");
    if (isFlag && (next == null || !next.equals("true") && !next.equals("false"))) {
      put(key, true);
      return false;
    }
    if (next == null) {
      throw Failure.usage("--" + key + " needs a value", null);
    }
    put(key, Validators.value(validator, next));
    return true;
  }

  private Failure unknown(String key) {
    List<String> declared =
        declaration()
            .map(FunctionInfo::args)
            .map(args -> List.copyOf(args.keySet()))
            .orElse(List.of());
    return Failure.usage(
        "unknown option \"--%s\"".formatted(key),
        Suggestions.nearest(key, declared)
            .map(name -> "Did you mean: --" + name + "?")
            .orElse(
                "See: pylon call --help; the argument \"%s\" is passed as %s=value"
                    .formatted(key, key)));
  }

  private Optional<FunctionInfo> declaration() {
    if (known == null) {
      known = declaration.get();
    }
    return known;
  }

  /** The validator at a path, or null where nothing is declared there. */
  private @Nullable Map<String, @Nullable Object> validator(String key) {
    Map<String, Map<String, @Nullable Object>> args =
        declaration().map(FunctionInfo::args).orElse(Map.of());
    if (args.containsKey(key)) {
      return args.get(key);
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("fields", args);
    Map<String, @Nullable Object> validator = all;
    for (ArgumentPath.Step step : ArgumentPath.parse(key)) {
      validator =
          switch (step) {
            case ArgumentPath.Member(String name) -> Validators.member(validator, name);
            case ArgumentPath.Item _, ArgumentPath.Append _ -> Validators.items(validator);
          };
    }
    return validator;
  }

  private void put(String key, @Nullable Object value) {
    boolean isDeclared =
        known != null
            && known.map(FunctionInfo::args).filter(args -> args.containsKey(key)).isPresent();
    ArgumentPath.put(
        root,
        isDeclared ? List.of(new ArgumentPath.Member(key)) : ArgumentPath.parse(key),
        key,
        value);
  }

  private static @Nullable Object json(byte[] bytes, String source) {
    try {
      return Json.parse(bytes);
    } catch (JsonException e) {
      throw new Failure(
          ExitStatus.DATA, "ARGS_NOT_JSON", source + " is not JSON: " + firstLine(e), null);
    }
  }

  private static String firstLine(JsonException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /**
   * What is wrong with {@code args}, as far as one can see from here: declared arguments that are
   * missing, words nobody declared, values of another type.
   */
  static List<String> problems(FunctionInfo function, Map<String, @Nullable Object> args) {
    var problems = new ArrayList<String>();
    Map<String, Map<String, @Nullable Object>> declared = function.args();
    if (declared == null) {
      return problems;
    }
    for (String name : args.keySet()) {
      if (!declared.containsKey(name)) {
        problems.add(
            "%s declares no argument \"%s\"".formatted(function.name(), name)
                + Suggestions.nearest(name, declared.keySet())
                    .map(near -> "; did you mean \"" + near + "\"?")
                    .orElse(""));
      }
    }
    for (Map.Entry<String, Map<String, @Nullable Object>> one : declared.entrySet()) {
      String name = one.getKey();
      Map<String, @Nullable Object> validator = one.getValue();
      Object value = args.get(name);
      if (value == null && !Validators.isOptional(validator)) {
        problems.add("argument \"%s\" is missing".formatted(name));
      } else if (value != null && !Validators.fits(validator, value)) {
        problems.add("argument \"%s\" should be %s".formatted(name, Validators.text(validator)));
      }
    }
    return problems;
  }
}
