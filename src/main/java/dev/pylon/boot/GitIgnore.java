package dev.pylon.boot;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * The rules of one {@code .gitignore}: the last one that fits a path or a folder above it decides.
 * Character classes and nested files are not looked at; a rule we cannot read ignores nothing.
 */
final class GitIgnore {
  static final GitIgnore NONE = new GitIgnore(List.of(), List.of());

  private final List<String> lines;
  private final List<Rule> rules;

  private record Rule(PathMatcher matcher, boolean wholePath, boolean ignores) {
    boolean fits(Path path) {
      return matcher.matches(wholePath ? path : path.getFileName());
    }
  }

  private GitIgnore(List<String> lines, List<Rule> rules) {
    this.lines = List.copyOf(lines);
    this.rules = List.copyOf(rules);
  }

  /** Whether both were read from the same text. */
  boolean isSameAs(GitIgnore other) {
    return lines.equals(other.lines);
  }

  /** The rules of {@code folder}, if it has any. */
  static GitIgnore of(Path folder) {
    Path file = folder.resolve(".gitignore");
    if (!Files.isRegularFile(file)) {
      return NONE;
    }
    try {
      return parse(Files.readAllLines(file));
    } catch (IOException e) {
      // Unreadable rules are no rules: a file too many is watched.
      return NONE;
    }
  }

  static GitIgnore parse(List<String> lines) {
    var rules = new ArrayList<Rule>();
    for (String line : lines) {
      String pattern = line.strip();
      boolean ignores = !pattern.startsWith("!");
      pattern = pattern.replaceFirst("^!", "").replaceFirst("/+$", "");
      if (pattern.isEmpty() || pattern.startsWith("#")) {
        continue;
      }
      boolean wholePath = pattern.contains("/");
      String glob = pattern.replaceFirst("^/", "").replaceFirst("^\\*\\*/", "{**/,}");
      try {
        rules.add(
            new Rule(FileSystems.getDefault().getPathMatcher("glob:" + glob), wholePath, ignores));
      } catch (PatternSyntaxException e) {
        // As said above: what we cannot read ignores nothing.
      }
    }
    return new GitIgnore(lines, rules);
  }

  /**
   * @param path relative to the folder of the rules
   */
  boolean ignores(Path path) {
    for (int names = 1; names <= path.getNameCount(); names++) {
      if (decides(path.subpath(0, names))) {
        return true;
      }
    }
    return false;
  }

  private boolean decides(Path path) {
    boolean ignored = false;
    for (Rule rule : rules) {
      if (rule.fits(path)) {
        ignored = rule.ignores();
      }
    }
    return ignored;
  }
}
