package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One file of {@code NAME=value} lines. A line may begin with {@code export}; a value may stand in
 * single quotes or backticks (taken as it is) or in double quotes (with {@code \n \r \t \" \\}),
 * and quoted values may go over several lines. Outside quotes a {@code #} after a blank begins a
 * comment. {@code $} has no meaning. The last of two lines with one name wins.
 */
public record EnvFile(Path path, Map<String, String> variables) {
  /** More than any project keeps in one; a larger file is a mistake. */
  private static final int BYTES_MAX = 1024 * 1024;

  private static final List<String> NAMES = List.of(".env.local", ".env");

  public EnvFile {
    variables = Map.copyOf(variables);
  }

  /**
   * Those of the nearest directory, going up from {@code start}, that holds one: {@code .env.local}
   * first.
   *
   * @throws PylonException where one cannot be read
   */
  public static List<EnvFile> near(Path start) {
    for (@Nullable Path directory = start.toAbsolutePath().normalize();
        directory != null;
        directory = directory.getParent()) {
      var found = new ArrayList<EnvFile>();
      for (String name : NAMES) {
        Path file = directory.resolve(name);
        if (Files.isRegularFile(file)) {
          found.add(read(file));
        }
      }
      if (!found.isEmpty()) {
        return List.copyOf(found);
      }
    }
    return List.of();
  }

  /** Whether {@code name} is one that {@link #near} looks for. */
  public static boolean isEnvFile(String name) {
    return NAMES.contains(name);
  }

  private static EnvFile read(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new PylonException(ConfigError.INVALID_SETTING, file + " is larger than 1 MiB");
      }
      // Undecodable bytes are replaced: a stray one in a comment must not stop a project.
      return new EnvFile(file, parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new PylonException(
          ConfigError.INVALID_SETTING, "%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  static Map<String, String> parse(String text) {
    return new Reader(text).all();
  }

  /** Walks over the text once. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    Map<String, String> all() {
      var found = new LinkedHashMap<String, String>();
      while (at < text.length()) {
        String name = name();
        if (name.isEmpty()) {
          skipLine();
        } else {
          found.put(name, value());
          skipLine();
        }
      }
      return found;
    }

    /** The name before the next {@code =}, leaving us behind it; empty where this line has none. */
    private String name() {
      int end = lineEnd();
      int equals = text.indexOf('=', at);
      if (equals < 0 || equals > end) {
        return "";
      }
      String name = text.substring(at, equals).strip();
      if (name.startsWith("export ")) {
        name = name.substring("export ".length()).strip();
      }
      if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
        return "";
      }
      at = equals + 1;
      return name;
    }

    private String value() {
      int end = lineEnd();
      while (at < end && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at < end && "\"'`".indexOf(text.charAt(at)) >= 0) {
        char quote = text.charAt(at);
        int close = closing(quote);
        if (close > 0) {
          String inside = text.substring(at + 1, close);
          at = close + 1;
          return quote == '"' ? unescape(inside) : inside;
        }
      }
      String line = text.substring(at, end);
      for (int i = 0; i < line.length(); i++) {
        if (line.charAt(i) == '#' && (i == 0 || Character.isWhitespace(line.charAt(i - 1)))) {
          return line.substring(0, i).strip();
        }
      }
      return line.strip();
    }

    /** Where the quote that opens here closes; -1 where it does not. */
    private int closing(char quote) {
      for (int i = at + 1; i < text.length(); i++) {
        if (quote == '"' && text.charAt(i) == '\\') {
          i++;
        } else if (text.charAt(i) == quote) {
          return i;
        }
      }
      return -1;
    }

    private static String unescape(String inside) {
      var plain = new StringBuilder(inside.length());
      for (int i = 0; i < inside.length(); i++) {
        char c = inside.charAt(i);
        if (c != '\\' || i + 1 == inside.length()) {
          plain.append(c);
          continue;
        }
        i++;
        switch (inside.charAt(i)) {
          case 'n' -> plain.append('\n');
          case 'r' -> plain.append('\r');
          case 't' -> plain.append('\t');
          case '"', '\\', '$' -> plain.append(inside.charAt(i));
          default -> plain.append('\\').append(inside.charAt(i));
        }
      }
      return plain.toString();
    }

    private int lineEnd() {
      int end = text.indexOf('\n', at);
      return end < 0 ? text.length() : end;
    }

    private void skipLine() {
      at = Math.min(text.length(), lineEnd() + 1);
    }
  }
}
