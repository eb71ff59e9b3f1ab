package dev.pylon.store.query;

import dev.pylon.db.TimeBucket;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.FieldType.Kind;
import dev.pylon.store.query.Aggregate.Function;
import dev.pylon.store.query.Aggregate.Output;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From the JSON of an aggregate to an {@link Aggregate} (data contract, 3.5):
 *
 * <pre>{count: "*", sum: ["amount"], groupBy: ["status", {field: "paidAt", bucket: "month"}],
 *  where: {amount: {$gt: 0}}, having: {count: {$gte: 2}}, orderBy: {sum_amount: "desc"}, limit: 10}
 * </pre>
 *
 * <p>{@code having} and {@code orderBy} name what the answer has. An object serves one question.
 */
public final class AggregateParser {
  /** Values of one group; a database takes some 1,600 columns. */
  private static final int OUTPUTS_MAX = 100;

  private final Entity entity;
  private final Map<String, Output> outputs = new LinkedHashMap<>();

  private AggregateParser(Entity entity) {
    this.entity = entity;
  }

  /**
   * The question that {@code spec} asks of {@code entity}.
   *
   * @throws PylonException {@link QueryError#INVALID_QUERY} or {@link QueryError#INVALID_COLUMN}
   */
  public static Aggregate parse(Entity entity, Map<String, @Nullable Object> spec) {
    return new AggregateParser(entity).parse(spec);
  }

  private Aggregate parse(Map<String, @Nullable Object> spec) {
    list(spec.get("groupBy")).forEach(this::key);
    List<Order> byKey =
        outputs.values().stream().map(key -> new Order(key.result(), false)).toList();
    count(spec.get("count"));
    measures(spec.get("sum"), Function.SUM);
    measures(spec.get("avg"), Function.AVG);
    measures(spec.get("min"), Function.MIN);
    measures(spec.get("max"), Function.MAX);
    measures(spec.get("countDistinct"), Function.COUNT_DISTINCT);
    if (outputs.isEmpty()) {
      throw invalid("The aggregate asks for nothing")
          .with("hint", "count, sum, avg, min, max, countDistinct or groupBy say what is wanted");
    }

    Condition where = QueryParser.parseCondition(entity, filter("where", spec.get("where")));
    Condition having =
        QueryParser.parseCondition(this::result, filter("having", spec.get("having")));
    List<Order> order = QueryParser.parseOrder(this::result, order(spec.get("orderBy")));
    Long offset = QueryParser.parseCount(spec.get("offset"));
    var groups =
        new Query(
            having,
            Query.inOrder(order, byKey),
            QueryParser.parseCount(spec.get("limit")),
            offset == null ? 0 : offset);
    return new Aggregate(where, List.copyOf(outputs.values()), groups);
  }

  /** The members of an array; what is no array is its own only member. */
  private static List<?> list(@Nullable Object value) {
    return switch (value) {
      case null -> List.of();
      case List<?> members -> members;
      case Object one -> List.of(one);
    };
  }

  private void key(@Nullable Object member) {
    switch (member) {
      case String name -> {
        Column source = source(name);
        add(new Aggregate.Key(source, source, null));
      }
      case Map<?, ?> key -> {
        if (!(key.get("field") instanceof String name)) {
          throw invalid("A member of \"groupBy\" has no \"field\"");
        }
        bucket(source(name), key.get("bucket"));
      }
      case null, default -> {
        // Members that are neither are ignored, as those of the other lists.
      }
    }
  }

  private void bucket(Column source, @Nullable Object name) {
    TimeBucket bucket = name == null ? TimeBucket.DAY : bucket(name);
    if (source.kind() != Kind.DATETIME) {
      throw invalid("\"%s\" is no datetime and has no \"bucket\"".formatted(source.name()));
    }
    String result = source.name() + "_" + bucket.name().toLowerCase(Locale.ROOT);
    add(new Aggregate.Key(new Column(result, Kind.STRING, true), source, bucket));
  }

  private static TimeBucket bucket(Object name) {
    for (TimeBucket bucket : TimeBucket.values()) {
      if (bucket.name().toLowerCase(Locale.ROOT).equals(name)) {
        return bucket;
      }
    }
    throw invalid("Unknown \"bucket\"").with("hint", "one of hour, day, week, month, year");
  }

  private void count(@Nullable Object value) {
    if (!(value instanceof String name)) {
      return;
    }
    if (name.equals("*")) {
      add(new Aggregate.CountAll(new Column("count", Kind.INT, false)));
    } else {
      measure(Function.COUNT, source(name));
    }
  }

  private void measures(@Nullable Object value, Function function) {
    for (Object member : list(value)) {
      if (member instanceof String name) {
        measure(function, source(name));
      }
    }
  }

  private void measure(Function function, Column source) {
    Column result =
        switch (function) {
          case COUNT, COUNT_DISTINCT -> new Column(function.nameOf(source), Kind.INT, false);
          case SUM -> new Column(function.nameOf(source), sumOf(source), true);
          case AVG -> {
            sumOf(source);
            yield new Column(function.nameOf(source), Kind.FLOAT, true);
          }
          case MIN, MAX -> new Column(function.nameOf(source), source.kind(), true);
        };
    add(new Aggregate.Measure(result, function, source));
  }

  /** A boolean counts as 1 where it is true. */
  private static Kind sumOf(Column source) {
    return switch (source.kind()) {
      case INT, BOOL -> Kind.INT;
      case FLOAT -> Kind.FLOAT;
      case STRING, RICHTEXT, ID, DATETIME ->
          throw invalid("\"%s\" holds no numbers to add up".formatted(source.name()));
    };
  }

  private Column source(String name) {
    return EntityColumns.require(entity, name);
  }

  private void add(Output output) {
    String name = output.result().name();
    Output other = outputs.putIfAbsent(name, output);
    if (other != null && !other.equals(output)) {
      throw invalid("Two values of the answer would be called \"%s\"".formatted(name));
    }
    if (outputs.size() > OUTPUTS_MAX) {
      throw invalid("The aggregate asks for more than %d values".formatted(OUTPUTS_MAX));
    }
  }

  private static Map<String, @Nullable Object> filter(String name, @Nullable Object value) {
    return switch (value) {
      case null -> Map.of();
      case Map<?, ?> filter -> Json.asObject(filter);
      default -> throw invalid("\"%s\" takes a filter".formatted(name));
    };
  }

  private static @Nullable Object order(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> order -> order;
      case List<?> order -> order;
      case String name -> List.of(name);
      default -> throw invalid("\"orderBy\" takes pairs such as [\"count\", \"desc\"]");
    };
  }

  private Column result(String name) {
    Output output = outputs.get(name);
    if (output == null) {
      throw new PylonException(
          QueryError.INVALID_COLUMN,
          "Unknown column \"%s\" -- the answer has: %s"
              .formatted(name, String.join(", ", outputs.keySet())));
    }
    return output.result();
  }

  private static PylonException invalid(String message) {
    return new PylonException(QueryError.INVALID_QUERY, message);
  }
}
