package dev.pylon.cli.project;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.text.Durations;
import dev.pylon.cli.text.Style;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How test files went, told as they end, and in what their backends differed. */
final class TestReport {
  /** One file on one backend. */
  record Ran(
      String file,
      String backend,
      int exit,
      double millis,
      String output,
      Map<String, String> outcomes) {
    boolean passed() {
      return exit == 0;
    }

    Map<String, @Nullable Object> json() {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("file", file);
      json.put("backend", backend);
      json.put("status", passed() ? "passed" : "failed");
      json.put("exit_code", exit);
      json.put("ms", Math.round(millis));
      if (!passed()) {
        json.put("output", output);
      }
      return json;
    }
  }

  /** A test that came to something else on another backend; by backend what it came to. */
  record Difference(String file, String test, Map<String, String> outcomes) {
    Map<String, @Nullable Object> json() {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("file", file);
      json.put("test", test);
      json.put("outcomes", outcomes);
      return json;
    }
  }

  private final Output output;
  private final boolean severalBackends;
  private final List<Ran> ran = new ArrayList<>();

  TestReport(Output output, boolean severalBackends) {
    this.output = output;
    this.severalBackends = severalBackends;
  }

  void add(Ran one) {
    ran.add(one);
    if (output.isJson()) {
      return;
    }
    Style style = output.style();
    String sign = one.passed() ? style.green(style.tick()) : style.red(style.cross());
    String backend = severalBackends ? "  " + one.backend : "";
    String took = Durations.text(one.millis, style.ascii());
    output.line("%s %s%s  %s".formatted(sign, Style.clean(one.file), backend, took));
    if (!one.passed()) {
      one.output.lines().forEach(line -> output.line("    " + Style.clean(line)));
    }
    output.flush();
  }

  /** Sums up; fails where a file failed or backends differ. */
  ExitStatus end(Path folder) {
    long passed = ran.stream().filter(Ran::passed).count();
    List<Difference> differences = differences(ran);
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("total", ran.size());
      json.put("passed", passed);
      json.put("failed", ran.size() - passed);
      json.put("files", ran.stream().map(Ran::json).toList());
      json.put("differences", differences.stream().map(Difference::json).toList());
      output.json(json);
    } else {
      differences.forEach(this::tell);
      output.note(
          ran.isEmpty()
              ? "no tests in " + folder
              : "%d of %d files passed".formatted(passed, ran.size()));
    }
    return passed == ran.size() && differences.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private void tell(Difference difference) {
    output.line(
        "%s %s: %s: %s"
            .formatted(
                output.style().red("differs"),
                Style.clean(difference.file),
                Style.clean(difference.test),
                difference.outcomes));
  }

  /** Tests that did not come to the same on every backend on which their file ran. */
  static List<Difference> differences(List<Ran> ran) {
    var byFile = new TreeMap<String, List<Ran>>();
    ran.forEach(one -> byFile.computeIfAbsent(one.file, _ -> new ArrayList<>()).add(one));
    var differences = new ArrayList<Difference>();
    byFile.forEach((file, runs) -> {
      var tests = new TreeSet<String>();
      runs.forEach(one -> tests.addAll(one.outcomes.keySet()));
      for (String test : tests) {
        var outcomes = new LinkedHashMap<String, String>();
        runs.forEach(
            one -> outcomes.put(one.backend, one.outcomes.getOrDefault(test, "did not run")));
        if (outcomes.values().stream().distinct().count() > 1) {
          differences.add(new Difference(file, test, outcomes));
        }
      }
    });
    return differences;
  }
}
