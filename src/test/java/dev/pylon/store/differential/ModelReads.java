package dev.pylon.store.differential;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Search;
import dev.pylon.store.Access;
import dev.pylon.store.FilteredAccess;
import dev.pylon.store.Page;
import dev.pylon.store.Reads;
import dev.pylon.store.StoreError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reading rows that lie in sorted maps (data contract, 3). */
abstract class ModelReads implements Reads {
  final Manifest manifest;
  final int rowsMax;
  final Access access;

  ModelReads(Manifest manifest, int rowsMax, Access access) {
    this.manifest = manifest;
    this.rowsMax = rowsMax;
    this.access = access;
  }

  /** Rows by entity, then by id. */
  abstract Map<String, SortedMap<String, Map<String, @Nullable Object>>> tables();

  final Entity entity(String name) {
    return manifest
        .entity(name)
        .orElseThrow(() -> new PylonException(StoreError.ENTITY_NOT_FOUND, "no such entity"));
  }

  /** The rows that may be seen, by id. */
  final List<Map<String, @Nullable Object>> visible(String name) {
    Entity entity = entity(name);
    var readable = ModelFilter.over(entity).all(FilteredAccess.filter(access, name));
    return tables().get(name).values().stream().filter(readable).toList();
  }

  private List<Map<String, @Nullable Object>> bounded(List<Map<String, @Nullable Object>> rows) {
    if (rows.size() > rowsMax) {
      throw StoreError.tooLarge(rowsMax);
    }
    return rows;
  }

  @Override
  public Optional<Map<String, @Nullable Object>> get(String entity, String id) {
    return visible(entity).stream().filter(row -> id.equals(row.get("id"))).findFirst();
  }

  @Override
  public List<Map<String, @Nullable Object>> list(String entity) {
    return bounded(visible(entity));
  }

  @Override
  public Page paginate(String entity, @Nullable String after, int limit) {
    int size = Math.clamp(limit, 1, 1_000);
    List<Map<String, @Nullable Object>> behind =
        visible(entity).stream()
            .filter(row -> after == null || ModelCells.ORDER.compare(row.get("id"), after) > 0)
            .toList();
    List<Map<String, @Nullable Object>> page = behind.stream().limit(size).toList();
    return new Page(page, behind.size() > size ? (String) page.getLast().get("id") : null);
  }

  @Override
  public Optional<Map<String, @Nullable Object>> lookup(
      String entity, String field, @Nullable Object value) {
    ModelFilter filter = ModelFilter.over(entity(entity));
    filter.requireColumn(field);
    if (value == null) {
      return Optional.empty();
    }
    var equal = new LinkedHashMap<String, @Nullable Object>();
    equal.put(field, new LinkedHashMap<>(Map.of("$eq", value)));
    return visible(entity).stream().filter(filter.all(equal)).findFirst();
  }

  @Override
  public List<Map<String, @Nullable Object>> query(
      String entity, Map<String, @Nullable Object> filter) {
    return bounded(ModelFilter.over(entity(entity)).question(filter).of(visible(entity)));
  }

  @Override
  public void each(
      String entity,
      Map<String, @Nullable Object> filter,
      Consumer<Map<String, @Nullable Object>> taker) {
    ModelFilter.Question question = ModelFilter.over(entity(entity)).question(filter);
    if (question.order() != null) {
      throw ModelFilter.refusal();
    }
    question.of(visible(entity)).forEach(taker);
  }

  @Override
  public Map<String, List<Map<String, @Nullable Object>>> graph(
      Map<String, @Nullable Object> query) {
    return new ModelGraph(this).answer(query);
  }

  @Override
  public Map<String, @Nullable Object> aggregate(
      String entity, Map<String, @Nullable Object> question) {
    return Map.of("rows", bounded(new ModelTotals(entity(entity)).of(visible(entity), question)));
  }

  @Override
  public Map<String, @Nullable Object> search(
      String entity, Map<String, @Nullable Object> request) {
    Search search = entity(entity).search();
    if (search == null) {
      throw new PylonException(StoreError.SEARCH_NOT_CONFIGURED, "not searchable");
    }
    return new ModelSearch(entity(entity), search).answer(visible(entity), request);
  }

  @Override
  public void execute(Runnable work) {
    work.run();
  }

  static Map<String, @Nullable Object> objectOrEmpty(@Nullable Object value) {
    return value instanceof Map<?, ?> object ? Json.asObject(object) : Map.of();
  }

  /** Copies of {@code rows} that may be changed. */
  static List<Map<String, @Nullable Object>> copies(List<Map<String, @Nullable Object>> rows) {
    var copies = new ArrayList<Map<String, @Nullable Object>>();
    rows.forEach(row -> copies.add(new LinkedHashMap<>(row)));
    return copies;
  }
}
