package dev.pylon.functions;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.runtime.Registry;
import java.util.ArrayList;
import java.util.List;

/** What a reload changed, by function name, and the files that failed to load. */
public record Reloaded(
    int functions,
    List<String> added,
    List<String> removed,
    List<String> changed,
    List<LoadFailure> failed) {

  static Reloaded between(Registry before, Registry after) {
    var added = new ArrayList<String>();
    var changed = new ArrayList<String>();
    for (Definition function : after.functions().values()) {
      Definition old = before.functions().get(function.name());
      if (old == null) {
        added.add(function.name());
      } else if (!old.equals(function)) {
        changed.add(function.name());
      }
    }
    var removed = new ArrayList<>(before.functions().keySet());
    removed.removeAll(after.functions().keySet());
    return new Reloaded(
        after.functions().size(), added, removed, changed, List.copyOf(after.failed().values()));
  }
}
