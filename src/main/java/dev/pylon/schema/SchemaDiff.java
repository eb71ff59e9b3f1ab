package dev.pylon.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What has to happen so that a database fits a manifest (data contract, 2.7). What the manifest has
 * no more is left where it is and only lets go of {@code NOT NULL}, unless its removal was asked
 * for. An object serves one comparison.
 */
public final class SchemaDiff {
  private final LiveSchema live;
  private final Manifest manifest;
  private final ColumnTypes types;
  private final Removal removal;
  private final List<SchemaOperation> removals = new ArrayList<>();
  private final List<SchemaOperation> operations = new ArrayList<>();
  private final List<Diagnostic> findings = new ArrayList<>();

  /** Indexes of the database that this plan takes away, by name. */
  private final Set<String> goneIndexes = new HashSet<>();

  /** What becomes of tables and columns that the manifest has no more. */
  public enum Removal {
    /** They stay, with what they hold. */
    KEEP,
    /** They would be dropped, and forbid the plan: nobody has said yet that they may be. */
    REFUSE,
    /** They are dropped, as far as an earlier manifest declared them. */
    DROP
  }

  private SchemaDiff(LiveSchema live, SchemaRequest request, ColumnTypes types) {
    this.live = live;
    this.manifest = request.manifest();
    this.types = types;
    this.removal = request.removal();
  }

  /** Compares. Whether the rows allow each step is for whoever has the rows to say. */
  public static SchemaPlan between(LiveSchema live, SchemaRequest request, ColumnTypes types) {
    Renaming.Renamed renamed = Renaming.of(live, request.renames());
    var diff = new SchemaDiff(renamed.live(), request, types);
    diff.compare();
    var operations = new ArrayList<>(renamed.operations());
    operations.addAll(diff.removals);
    operations.addAll(diff.operations);
    return new SchemaPlan(operations, diff.findings);
  }

  private void compare() {
    goneEntities();
    manifest.entities().forEach(this::goneIndexes);
    manifest.entities().forEach(this::entity);
  }

  /** The index that keeps one field unique where the table was not made that way. */
  public static Index uniqueIndex(String field) {
    // No manifest has such a name for an index of its own.
    return new Index(field + "$unique", List.of(field), true);
  }

  private void goneEntities() {
    if (removal == Removal.KEEP) {
      return;
    }
    for (LiveTable table : live.tables()) {
      if (manifest.entity(table.name()).isEmpty()
          && live.declared().entities().contains(table.name())) {
        removals.add(new SchemaOperation.RemoveEntity(table.name()));
        destructive(
            "DESTRUCTIVE_REMOVE_ENTITY",
            "\"%s\" would be dropped with its rows".formatted(table.name()));
        table.indexes().forEach(index -> goneIndexes.add(index.name()));
      }
    }
  }

  private void destructive(String code, String message) {
    if (removal == Removal.REFUSE) {
      findings.add(Diagnostic.error(code, message).hint("say --allow-destructive, or keep it"));
    }
  }

  private boolean isGone(LiveTable table) {
    return removals.contains(new SchemaOperation.RemoveEntity(table.name()));
  }

  /** Indexes hold no data: those that were declared and are no more go, without being asked for. */
  private void goneIndexes(Entity entity) {
    LiveTable table = live.table(entity.name()).orElse(null);
    if (table == null) {
      return;
    }
    for (LiveTable.LiveIndex index : table.indexes()) {
      if (!index.implied()) {
        removedName(entity, index).ifPresent(name -> remove(entity.name(), name, index.name()));
      }
    }
  }

  /** What the manifest calls {@code index}, where it is to go. */
  private Optional<String> removedName(Entity entity, LiveTable.LiveIndex index) {
    String prefix = entity.name() + "_";
    if (index.name().startsWith(prefix)) {
      String name = index.name().substring(prefix.length());
      Optional<Index> wanted = named(entity, name);
      boolean outdated = wanted.isPresent() && !isLike(index, wanted.get());
      boolean undeclared = wanted.isEmpty() && live.declared().hasIndex(entity.name(), name);
      if (outdated || undeclared) {
        return Optional.of(name);
      }
    }
    // Another server gave indexes the bare name; then ours would be a second one like it.
    return named(entity, index.name()).filter(wanted -> isLike(index, wanted)).map(Index::name);
  }

  private static Optional<Index> named(Entity entity, String name) {
    return entity.indexes().stream().filter(index -> index.name().equals(name)).findFirst();
  }

  private static boolean isLike(LiveTable.LiveIndex index, Index wanted) {
    return index.unique() == wanted.unique() && index.columns().equals(wanted.fields());
  }

  private void remove(String entity, String name, String stored) {
    if (goneIndexes.add(stored)) {
      removals.add(new SchemaOperation.RemoveIndex(entity, name, stored));
    }
  }

  private void entity(Entity entity) {
    LiveTable table = live.table(entity.name()).orElse(null);
    if (table == null) {
      create(entity);
      return;
    }
    if (table.column("id").isEmpty()) {
      findings.add(
          Diagnostic.error(
                  "TABLE_NOT_OURS",
                  "The database has a table \"%s\" without a column \"id\""
                      .formatted(entity.name()))
              .hint("give the entity another name"));
      return;
    }
    if (table.hasOldSearch()) {
      operations.add(new SchemaOperation.RemoveOldSearch(entity.name()));
    }
    for (Field field : entity.fields()) {
      table
          .column(field.name())
          .ifPresentOrElse(
              column -> existing(entity, table, column, field), () -> added(entity, table, field));
    }
    for (LiveTable.LiveColumn column : table.columns()) {
      if (!column.name().equals("id") && entity.field(column.name()).isEmpty()) {
        abandoned(entity, table, column);
      }
    }
    entity.indexes().forEach(index -> index(entity, index));
  }

  private void create(Entity entity) {
    live.tables().stream()
        .filter(table -> table.name().equalsIgnoreCase(entity.name()) && !isGone(table))
        .findFirst()
        .ifPresent(twin -> differsInCase("The database has a table", twin.name(), entity.name()));
    if (live.tableWithIndex(entity.name()).isPresent() && !goneIndexes.contains(entity.name())) {
      nameTaken(entity.name());
    }
    operations.add(new SchemaOperation.CreateEntity(entity));
    entity.indexes().forEach(index -> index(entity, index));
  }

  private void differsInCase(String what, String there, String wanted) {
    findings.add(
        Diagnostic.error(
                "NAME_DIFFERS_IN_CASE",
                "%s \"%s\", and not every database could tell it from \"%s\""
                    .formatted(what, there, wanted))
            .hint("write it as it is there, or rename it with \"pylon migrate\""));
  }

  private void nameTaken(String name) {
    findings.add(
        Diagnostic.error(
                "NAME_TAKEN", "The database has something else called \"%s\"".formatted(name))
            .hint("use another name, or drop what has it"));
  }

  private void added(Entity entity, LiveTable table, Field field) {
    table.columns().stream()
        .filter(column -> column.name().equalsIgnoreCase(field.name()))
        .filter(column -> !isRemoved(entity, column))
        .findFirst()
        .ifPresent(twin ->
            differsInCase(
                "\"%s\" has a column".formatted(entity.name()), twin.name(), field.name()));
    operations.add(new SchemaOperation.AddField(entity.name(), field));
  }

  private void existing(Entity entity, LiveTable table, LiveTable.LiveColumn column, Field field) {
    if (changesType(entity, column, field)) {
      return;
    }
    boolean unique = table.isUnique(field.name());
    if (unique != field.unique() || column.notNull() == field.optional()) {
      var previous = new Field(field.name(), field.type(), !column.notNull(), unique, field.crdt());
      operations.add(new SchemaOperation.AlterField(entity.name(), previous, field));
    }
  }

  private boolean changesType(Entity entity, LiveTable.LiveColumn column, Field field) {
    String was = column.type();
    boolean fits = types.fits(field.type(), was);
    Optional<FieldType> declared = live.declared().type(entity.name(), field.name());
    if (fits && declared.isPresent() && types.fits(declared.get(), was)) {
      // A column may be declared alike for two types and hold values of only one of them.
      fits = field.type().isStoredLike(declared.get());
      was = declared.get().text();
    }
    if (!fits) {
      findings.add(
          Diagnostic.error(
                  "FIELD_TYPE_CHANGED",
                  "\"%s\" of \"%s\" is stored as %s and would become %s"
                      .formatted(field.name(), entity.name(), was, field.type().text()))
              .hint("keep the type, or add a field with another name"));
    }
    return !fits;
  }

  private boolean isRemoved(Entity entity, LiveTable.LiveColumn column) {
    return removal != Removal.KEEP && live.declared().hasField(entity.name(), column.name());
  }

  private void abandoned(Entity entity, LiveTable table, LiveTable.LiveColumn column) {
    if (isRemoved(entity, column)) {
      removals.add(new SchemaOperation.RemoveField(entity.name(), column.name()));
      destructive(
          "DESTRUCTIVE_REMOVE_FIELD",
          "\"%s\" of \"%s\" would be dropped with its values"
              .formatted(column.name(), entity.name()));
      return;
    }
    findings.add(
        Diagnostic.info(
            "COLUMN_LEFT",
            "\"%s\" of \"%s\" is in the manifest no more; its values are kept"
                .formatted(column.name(), entity.name())));
    if (column.notNull()) {
      FieldType type = typeOf(entity, column);
      boolean unique = table.isUnique(column.name());
      operations.add(
          new SchemaOperation.AlterField(
              entity.name(),
              new Field(column.name(), type, false, unique, null),
              new Field(column.name(), type, true, unique, null)));
    }
  }

  /** The type that was declared; else one that is stored like the column. */
  private FieldType typeOf(Entity entity, LiveTable.LiveColumn column) {
    Optional<FieldType> declared = live.declared().type(entity.name(), column.name());
    if (declared.isPresent()) {
      return declared.get();
    }
    for (FieldType.Kind kind : FieldType.Kind.values()) {
      var type = new FieldType(kind, null);
      if (kind != FieldType.Kind.ID && types.fits(type, column.type())) {
        return type;
      }
    }
    return FieldType.TEXT;
  }

  private void index(Entity entity, Index index) {
    String stored = Index.stored(entity.name(), index.name());
    Optional<LiveTable> owner = live.tableWithIndex(stored);
    if (owner.isPresent() && !goneIndexes.contains(stored)) {
      if (owner.get().name().equals(entity.name())) {
        return;
      }
      takeOver(owner.get(), stored);
    }
    if (live.table(stored).filter(table -> !isGone(table)).isPresent()) {
      nameTaken(stored);
    }
    operations.add(new SchemaOperation.AddIndex(entity.name(), index));
  }

  /** A table that no entity has any more may still have an index by the name we want. */
  private void takeOver(LiveTable owner, String stored) {
    String prefix = owner.name() + "_";
    String name = stored.startsWith(prefix) ? stored.substring(prefix.length()) : stored;
    if (live.declared().hasIndex(owner.name(), name)) {
      remove(owner.name(), name, stored);
    } else {
      nameTaken(stored);
    }
  }
}
