package dev.pylon.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What has to be added so that a database fits a manifest (data contract, 2.7). Nothing is ever
 * dropped: a column or a table that the manifest has no more stays, and lets go of {@code NOT
 * NULL}. An object serves one comparison.
 */
public final class SchemaDiff {
  private final Function<FieldType, String> declare;
  private final Map<String, LiveTable> live = new HashMap<>();
  private final List<SchemaOperation> operations = new ArrayList<>();
  private final List<Diagnostic> findings = new ArrayList<>();

  private SchemaDiff(List<LiveTable> live, Function<FieldType, String> declare) {
    this.declare = declare;
    live.forEach(table -> this.live.put(table.name(), table));
  }

  /**
   * Compares. Whether the rows allow each step is for whoever has the rows to say.
   *
   * @param declare how the database declares a column of a type
   */
  public static SchemaPlan between(
      List<LiveTable> live, Manifest manifest, Function<FieldType, String> declare) {
    var diff = new SchemaDiff(live, declare);
    manifest.entities().forEach(diff::entity);
    return new SchemaPlan(diff.operations, diff.findings);
  }

  /** The index that keeps one field unique where the table was not made that way. */
  public static Index uniqueIndex(Field field) {
    return new Index(field.name() + "_unique", List.of(field.name()), true);
  }

  private void entity(Entity entity) {
    LiveTable table = live.get(entity.name());
    if (table == null) {
      operations.add(new SchemaOperation.CreateEntity(entity));
      for (Index index : entity.indexes()) {
        operations.add(new SchemaOperation.AddIndex(entity.name(), index));
      }
      return;
    }
    for (Field field : entity.fields()) {
      table
          .column(field.name())
          .ifPresentOrElse(
              column -> existing(entity, table, column, field),
              () -> operations.add(new SchemaOperation.AddField(entity.name(), field)));
    }
    for (LiveTable.LiveColumn column : table.columns()) {
      if (!column.name().equals("id") && entity.field(column.name()).isEmpty()) {
        abandoned(entity, table, column);
      }
    }
    entity.indexes().forEach(index -> index(entity, table, index));
  }

  private void existing(Entity entity, LiveTable table, LiveTable.LiveColumn column, Field field) {
    if (!column.type().equalsIgnoreCase(declare.apply(field.type()))) {
      findings.add(
          Diagnostic.error(
                  "FIELD_TYPE_CHANGED",
                  "\"%s\" of \"%s\" is stored as %s and would become %s"
                      .formatted(
                          field.name(), entity.name(), column.type(), declare.apply(field.type())))
              .hint("keep the type, or add a field with another name"));
      return;
    }
    boolean unique = table.isUnique(field.name());
    if (unique && !field.unique() && !keptByDeclaredIndex(entity, field)) {
      loosened(entity, table, field);
    }
    boolean becomesUnique = field.unique() && !unique;
    if (becomesUnique || column.notNull() == field.optional()) {
      var previous = new Field(field.name(), field.type(), !column.notNull(), unique, field.crdt());
      var target =
          new Field(
              field.name(), field.type(), field.optional(), unique || field.unique(), field.crdt());
      operations.add(new SchemaOperation.AlterField(entity.name(), previous, target));
    }
  }

  private static boolean keptByDeclaredIndex(Entity entity, Field field) {
    return entity.indexes().stream()
        .anyMatch(index -> index.unique() && index.fields().equals(List.of(field.name())));
  }

  /**
   * The manifest asks for uniqueness no more: our own index can go, what the table was made with
   * stays.
   */
  private void loosened(Entity entity, LiveTable table, Field field) {
    String name = uniqueIndex(field).name();
    if (table.index(entity.name() + "_" + name).isPresent()) {
      operations.add(new SchemaOperation.RemoveIndex(entity.name(), name));
    } else {
      findings.add(
          Diagnostic.warning(
              "UNIQUE_STAYS",
              "\"%s\" of \"%s\" stays unique: its table was made so"
                  .formatted(field.name(), entity.name())));
    }
  }

  private void abandoned(Entity entity, LiveTable table, LiveTable.LiveColumn column) {
    findings.add(
        new Diagnostic(
            Diagnostic.Severity.INFO,
            "COLUMN_LEFT",
            "\"%s\" of \"%s\" is in the manifest no more; its values are kept"
                .formatted(column.name(), entity.name()),
            null,
            null));
    if (column.notNull()) {
      FieldType type = typeOf(column);
      boolean unique = table.isUnique(column.name());
      operations.add(
          new SchemaOperation.AlterField(
              entity.name(),
              new Field(column.name(), type, false, unique, null),
              new Field(column.name(), type, true, unique, null)));
    }
  }

  /** A type that is declared like the column; which one it was is not written anywhere. */
  private FieldType typeOf(LiveTable.LiveColumn column) {
    for (FieldType.Kind kind :
        List.of(
            FieldType.Kind.STRING,
            FieldType.Kind.INT,
            FieldType.Kind.FLOAT,
            FieldType.Kind.BOOL,
            FieldType.Kind.DATETIME)) {
      var type = new FieldType(kind, null);
      if (declare.apply(type).equalsIgnoreCase(column.type())) {
        return type;
      }
    }
    return new FieldType(FieldType.Kind.STRING, null);
  }

  private void index(Entity entity, LiveTable table, Index index) {
    LiveTable.LiveIndex found = table.index(entity.name() + "_" + index.name()).orElse(null);
    if (found != null
        && found.unique() == index.unique()
        && found.columns().equals(index.fields())) {
      return;
    }
    if (found != null) {
      operations.add(new SchemaOperation.RemoveIndex(entity.name(), index.name()));
    }
    operations.add(new SchemaOperation.AddIndex(entity.name(), index));
  }
}
