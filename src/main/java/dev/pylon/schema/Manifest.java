package dev.pylon.schema;

import dev.pylon.json.RawJson;
import dev.pylon.model.PylonException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An application as its author declared it (data contract, 1.1).
 *
 * @param text the JSON it was read from, as it was
 * @param warnings what was found that is odd but allowed
 */
public record Manifest(
    String name,
    String version,
    List<Entity> entities,
    List<Route> routes,
    List<Operation> queries,
    List<Operation> actions,
    List<Policy> policies,
    AuthConfig auth,
    RawJson text,
    List<Diagnostic> warnings) {
  /** The only form there is. */
  public static final int MANIFEST_VERSION = 1;

  public Manifest {
    entities = List.copyOf(entities);
    routes = List.copyOf(routes);
    queries = List.copyOf(queries);
    actions = List.copyOf(actions);
    policies = List.copyOf(policies);
    warnings = List.copyOf(warnings);
  }

  /** What became of an attempt to read a manifest. */
  public sealed interface Reading {
    record Accepted(Manifest manifest) implements Reading {}

    /** Every finding, errors and warnings, in the order of the manifest. */
    record Refused(List<Diagnostic> diagnostics) implements Reading {
      public Refused {
        diagnostics = List.copyOf(diagnostics);
      }
    }
  }

  /** Reads and checks a manifest; the findings are the answer where it breaks rules. */
  public static Reading read(byte[] json) {
    return ManifestReader.read(json, null);
  }

  /**
   * As {@link #read(byte[])}; the findings name their places in {@code file}.
   *
   * @param file what the author calls the file that holds {@code json}
   */
  public static Reading read(byte[] json, String file) {
    return ManifestReader.read(json, file);
  }

  /**
   * Reads and checks a manifest.
   *
   * @throws PylonException {@link SchemaError#MANIFEST_INVALID}, whose message names every error
   *     and whose detail {@code diagnostics} holds them as JSON objects
   */
  public static Manifest parse(byte[] json) {
    return switch (read(json)) {
      case Reading.Accepted(var manifest) -> manifest;
      case Reading.Refused(var diagnostics) -> throw refusal(diagnostics);
    };
  }

  private static PylonException refusal(List<Diagnostic> diagnostics) {
    List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
    String message =
        String.join(
            "\n", errors.stream().map(error -> error.code() + ": " + error.message()).toList());
    return new PylonException(SchemaError.MANIFEST_INVALID, message)
        .with("diagnostics", diagnostics.stream().map(Diagnostic::json).toList());
  }

  /** The same manifest with more that is odd about it. */
  public Manifest warned(List<Diagnostic> found) {
    var all = new ArrayList<>(warnings);
    all.addAll(found);
    return withWarnings(all);
  }

  /** The same manifest with what was found about it. */
  Manifest withWarnings(List<Diagnostic> found) {
    return new Manifest(
        name, version, entities, routes, queries, actions, policies, auth, text, found);
  }

  /**
   * What clients know of it: the same without the fields of the user entity that are {@linkplain
   * AuthConfig#hides hidden}; this very manifest where there are none.
   */
  public Manifest shown() {
    boolean hides =
        entities.stream()
            .filter(entity -> entity.name().equals(auth.userEntity()))
            .flatMap(entity -> entity.fields().stream())
            .anyMatch(field -> auth.hides(field.name()));
    if (!hides) {
      return this;
    }
    List<Entity> shown =
        entities.stream()
            .map(entity -> entity.name().equals(auth.userEntity()) ? shown(entity) : entity)
            .toList();
    return new Manifest(
        name, version, shown, routes, queries, actions, policies, auth, text, warnings);
  }

  private Entity shown(Entity entity) {
    return new Entity(
        entity.name(),
        entity.fields().stream().filter(field -> !auth.hides(field.name())).toList(),
        entity.indexes(),
        entity.relations(),
        searchOfShown(entity),
        entity.crdt());
  }

  /**
   * {@code entity} as it is put into an index: what is hidden is not searched, for whoever finds a
   * row by a word knows that it has the word.
   */
  public Entity indexed(Entity entity) {
    return new Entity(
        entity.name(),
        entity.fields(),
        entity.indexes(),
        entity.relations(),
        searchOfShown(entity),
        entity.crdt());
  }

  /**
   * The fields of {@code entity} by which rules say who may read a row, and perhaps some more; none
   * that holds long texts. Those that say whose a row is come first: in an index they lead to the
   * caller's.
   */
  public List<Field> judged(Entity entity) {
    List<Policy> rules =
        policies.stream().filter(policy -> entity.name().equals(policy.entity())).toList();
    return entity.fields().stream()
        .filter(field -> field.type().kind() != FieldType.Kind.RICHTEXT)
        .filter(field -> rules.stream().anyMatch(rule -> rule.readingNames(field.name())))
        .sorted(
            Comparator.comparing(
                field -> rules.stream().noneMatch(rule -> rule.readingAsksWhose(field.name()))))
        .toList();
  }

  private @Nullable Search searchOfShown(Entity entity) {
    Search search = entity.search();
    return search == null || !entity.name().equals(auth.userEntity())
        ? search
        : search.without(auth::hides);
  }

  public Optional<Entity> entity(String name) {
    return entities.stream().filter(entity -> entity.name().equals(name)).findFirst();
  }
}
