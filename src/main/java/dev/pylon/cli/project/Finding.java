package dev.pylon.cli.project;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one check of {@code pylon doctor} found.
 *
 * @param hint what to do about it
 */
record Finding(String name, Status status, String detail, Optional<String> hint) {

  /** How bad it is. */
  enum Status {
    PASS,
    WARNING,
    ERROR
  }

  static Finding pass(String name, String detail) {
    return new Finding(name, Status.PASS, detail, Optional.empty());
  }

  static Finding warning(String name, String detail, String hint) {
    return new Finding(name, Status.WARNING, detail, Optional.of(hint));
  }

  static Finding error(String name, String detail, String hint) {
    return new Finding(name, Status.ERROR, detail, Optional.of(hint));
  }

  Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", name);
    json.put("status", status.name().toLowerCase(Locale.ROOT));
    json.put("detail", detail);
    hint.ifPresent(text -> json.put("hint", text));
    return json;
  }
}
