package dev.pylon.cli.call;

import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A function as {@code GET /api/fn} lists it.
 *
 * @param kind {@code query}, {@code mutation} or {@code action}
 * @param args the validator of each argument, by name; null where the function declares none
 * @param json everything the server said
 */
record FunctionInfo(
    String name,
    String kind,
    @Nullable Map<String, Map<String, @Nullable Object>> args,
    Map<String, @Nullable Object> json) {

  /** The functions of a server, in the order of their names. */
  static List<FunctionInfo> list(Remote remote) {
    return parse(remote.readAsAdmin("/api/fn"));
  }

  /** The functions, where this caller may see them. */
  static List<FunctionInfo> listIfAllowed(Remote remote) {
    HttpReply reply = remote.getAsAdmin("/api/fn");
    byte[] body = remote.bytes(reply);
    return reply.status() == 200 ? parse(body) : List.of();
  }

  static List<FunctionInfo> parse(byte[] body) {
    var functions = new ArrayList<FunctionInfo>();
    if (Json.parse(body) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map && map.get("name") instanceof String name) {
          functions.add(of(name, Json.asObject(map)));
        }
      }
    }
    functions.sort((a, b) -> a.name.compareTo(b.name));
    return functions;
  }

  private static FunctionInfo of(String name, Map<String, @Nullable Object> json) {
    String kind = json.get("fn_type") instanceof String text ? text : "function";
    return new FunctionInfo(name, kind, args(json.get("args_schema")), json);
  }

  /** A schema is an object validator, or the bare map of its fields. */
  private static @Nullable Map<String, Map<String, @Nullable Object>> args(
      @Nullable Object schema) {
    if (!(schema instanceof Map<?, ?> map)) {
      return null;
    }
    Object fields = map.get("fields") instanceof Map<?, ?> inner ? inner : map;
    var args = new LinkedHashMap<String, Map<String, @Nullable Object>>();
    Json.asObject((Map<?, ?>) fields)
        .forEach((name, validator) -> {
          if (validator instanceof Map<?, ?> one) {
            args.put(name, Json.asObject(one));
          }
        });
    return args;
  }

  static Optional<FunctionInfo> find(List<FunctionInfo> functions, String name) {
    return functions.stream().filter(function -> function.name.equals(name)).findFirst();
  }

  /** As {@code addTodo(title: string, done?: boolean)}. */
  String signature() {
    if (args == null) {
      return name + "(…)";
    }
    var parts = new ArrayList<String>();
    for (Map.Entry<String, Map<String, @Nullable Object>> arg : args.entrySet()) {
      String colon = Validators.isOptional(arg.getValue()) ? "?: " : ": ";
      parts.add(arg.getKey() + colon + Validators.text(arg.getValue()));
    }
    return name + "(" + String.join(", ", parts) + ")";
  }
}
