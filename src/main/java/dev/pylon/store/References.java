package dev.pylon.store;

import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Relation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether rows that somebody brought back point at rows that are there. Asked when all of them have
 * been written, for a row may come before the one it points at. However many rows there are, some
 * are held at a time, and one question is asked about each entity that they point at, or a few
 * where they point at very many rows of it.
 */
final class References {
  /** Rows whose references are looked up together. */
  private static final int TOGETHER = 200;

  /** Ids asked for in one question: half of what a filter may have values. */
  private static final int IDS_TOGETHER = 5_000;

  private final Reads rows;

  /** The entities that fields point at, by the name of the field, by the entity that has it. */
  private final Map<String, Map<String, String>> pointing = new HashMap<>();

  /** A row's id as it stands in a field of another. */
  private record Pointer(String field, String target, String id) {}

  References(Reads rows, Manifest manifest) {
    this.rows = rows;
    for (Entity entity : manifest.entities()) {
      Map<String, String> targets = targets(entity);
      if (!targets.isEmpty()) {
        pointing.put(entity.name(), targets);
      }
    }
  }

  private static Map<String, String> targets(Entity entity) {
    var targets = new LinkedHashMap<String, String>();
    for (Field field : entity.fields()) {
      String target = field.type().target();
      if (target != null) {
        targets.put(field.name(), target);
      }
    }
    for (Relation relation : entity.relations()) {
      if (!relation.many()) {
        targets.putIfAbsent(relation.field(), relation.target());
      }
    }
    return targets;
  }

  /** Whether rows of one of these entities may point anywhere. */
  boolean concern(Set<String> entities) {
    return entities.stream().anyMatch(pointing::containsKey);
  }

  /**
   * Looks at all of {@code sent}.
   *
   * @throws PylonException {@code REFERENCE_NOT_FOUND} about the first row that points at nothing
   */
  void require(List<SentRow> sent) {
    for (int from = 0; from < sent.size(); from += TOGETHER) {
      requireTogether(List.copyOf(sent.subList(from, Math.min(from + TOGETHER, sent.size()))));
    }
  }

  private void requireTogether(List<SentRow> sent) {
    var missing = new HashMap<String, Set<String>>();
    for (SentRow row : sent) {
      for (Pointer pointer : pointers(row)) {
        missing.computeIfAbsent(pointer.target(), _ -> new HashSet<>()).add(pointer.id());
      }
    }
    missing.forEach(this::removeThoseThere);
    for (SentRow row : sent) {
      for (Pointer pointer : pointers(row)) {
        if (missing.getOrDefault(pointer.target(), Set.of()).contains(pointer.id())) {
          throw row.named(refusal(pointer));
        }
      }
    }
  }

  private List<Pointer> pointers(SentRow row) {
    var pointers = new ArrayList<Pointer>();
    pointing
        .getOrDefault(row.entity(), Map.of())
        .forEach((field, target) -> {
          if (row.members().get(field) instanceof String id) {
            pointers.add(new Pointer(field, target, id));
          }
        });
    return pointers;
  }

  private void removeThoseThere(String target, Set<String> ids) {
    List<String> asked = List.copyOf(ids);
    for (int from = 0; from < asked.size(); from += IDS_TOGETHER) {
      rows.each(
          target,
          Map.of("id", Map.of("$in", asked.subList(from, end(from, asked)))),
          row -> ids.remove(String.valueOf(row.get("id"))));
    }
  }

  private static int end(int from, List<String> ids) {
    return Math.min(from + IDS_TOGETHER, ids.size());
  }

  private static PylonException refusal(Pointer pointer) {
    return new PylonException(
            StoreError.REFERENCE_NOT_FOUND,
            "\"%s\" names the \"%s\" \"%s\", which is not there"
                .formatted(pointer.field(), pointer.target(), pointer.id()))
        .with("field", pointer.field())
        .with("hint", "Send that row too, or take rows as they are with ?references=any");
  }
}
