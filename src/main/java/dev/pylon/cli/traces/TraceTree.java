package dev.pylon.cli.traces;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts nested calls below the calls that made them, where both are there. */
final class TraceTree {
  /** A trace and how many of its callers stand above it. */
  record Placed(Trace trace, int depth) {}

  private final Map<String, List<Trace>> children = new HashMap<>();
  private final Set<Trace> placed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Placed> result = new ArrayList<>();

  private TraceTree() {}

  /** {@code traces} in their order, children moved below their parents. */
  static List<Placed> of(List<Trace> traces) {
    var tree = new TraceTree();
    var ids = new LinkedHashSet<String>();
    traces.forEach(trace -> ids.add(trace.callId()));
    var tops = new ArrayList<Trace>();
    for (Trace trace : traces) {
      String parent = trace.parentCallId().filter(ids::contains).orElse("");
      if (parent.isEmpty() || parent.equals(trace.callId())) {
        tops.add(trace);
      } else {
        tree.children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(trace);
      }
    }
    tops.forEach(trace -> tree.place(trace, 0));
    return tree.result;
  }

  private void place(Trace trace, int depth) {
    if (placed.add(trace)) {
      result.add(new Placed(trace, depth));
      children.getOrDefault(trace.callId(), List.of()).forEach(child -> place(child, depth + 1));
    }
  }
}
