package dev.pylon.cli.project;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What every code means that pylon itself sends, and what to do about it. */
final class Explanations {
  private static final String FILE = "/dev/pylon/explanations.txt";

  private Explanations() {}

  /** The text of each code, in the order of the codes. */
  static Map<String, String> all() {
    var texts = new TreeMap<String, String>();
    try (InputStream in = Explanations.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("missing from the jar: " + FILE);
      }
      var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        texts.put(line.substring(0, space), line.substring(space + 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }
}
