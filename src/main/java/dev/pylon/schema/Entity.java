package dev.pylon.schema;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kind of row.
 *
 * @param fields in the order the author wrote; {@code id} is not among them
 * @param search null where the entity is not searchable
 */
public record Entity(
    String name,
    List<Field> fields,
    List<Index> indexes,
    List<Relation> relations,
    @Nullable Search search,
    boolean crdt) {
  public Entity {
    fields = List.copyOf(fields);
    indexes = List.copyOf(indexes);
    relations = List.copyOf(relations);
  }

  public Optional<Field> field(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  public Optional<Relation> relation(String name) {
    return relations.stream().filter(relation -> relation.name().equals(name)).findFirst();
  }
}
