package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.policy.Expression.Path;
import dev.pylon.schema.Entity;
import dev.pylon.schema.FieldType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule is judged by.
 *
 * @param entity what the rows are of; null where there are none
 * @param data the row, or the row as it is to be; null where there is none
 * @param existing the row as it is before the change; null where there is none
 * @param unknown whether there is a row and nobody has looked at it yet
 * @param input what an action was sent
 */
record Facts(
    Identity caller,
    @Nullable Entity entity,
    @Nullable Map<String, @Nullable Object> data,
    @Nullable Map<String, @Nullable Object> existing,
    boolean unknown,
    @Nullable Object input) {

  /** A value that depends on a row which nobody has looked at yet. */
  static final Object UNKNOWN = new Object();

  /** About a row that is there. */
  static Facts of(Identity caller, Entity entity, Map<String, @Nullable Object> row) {
    return new Facts(caller, entity, row, row, false, null);
  }

  /** About a row that is to be added. */
  static Facts ofNew(Identity caller, Entity entity, Map<String, @Nullable Object> row) {
    return new Facts(caller, entity, row, null, false, null);
  }

  /** About a row that is to become {@code after}. */
  static Facts ofChange(
      Identity caller,
      Entity entity,
      Map<String, @Nullable Object> before,
      Map<String, @Nullable Object> after) {
    return new Facts(caller, entity, after, before, false, null);
  }

  /** About whatever row of {@code entity}. */
  static Facts ofAny(Identity caller, Entity entity) {
    return new Facts(caller, entity, null, null, true, null);
  }

  /** About an action. */
  static Facts ofAction(Identity caller, @Nullable Object input) {
    return new Facts(caller, null, null, null, false, input);
  }

  /** What stands at the end of {@code path}: a value as {@link Values} knows them. */
  @Nullable Object value(Path path) {
    return switch (path.root()) {
      case AUTH -> ofCaller(path.steps());
      case DATA -> unknown ? UNKNOWN : ofRow(data, path.steps());
      case EXISTING -> unknown ? UNKNOWN : ofRow(existing, path.steps());
      case INPUT -> Values.scalar(walk(input, path.steps()));
      case NOTHING -> null;
    };
  }

  /** The list at the end of {@code path}; empty where there is none. Rows hold no lists. */
  List<?> list(Path path) {
    return switch (path.root()) {
      case AUTH -> path.steps().equals(List.of("roles")) ? caller.roles() : List.of();
      case INPUT -> walk(input, path.steps()) instanceof List<?> list ? list : List.of();
      case DATA, EXISTING, NOTHING -> List.of();
    };
  }

  private @Nullable Object ofCaller(List<String> steps) {
    if (steps.size() != 1) {
      return null;
    }
    return switch (steps.getFirst()) {
      case "userId", "user_id" -> caller.userId();
      case "tenantId", "tenant_id" -> caller.tenantId();
      case "isAdmin", "is_admin" -> caller.admin();
      case "email" -> caller.email();
      default -> null;
    };
  }

  private @Nullable Object ofRow(@Nullable Map<String, @Nullable Object> row, List<String> steps) {
    boolean datetime =
        steps.size() == 1
            && entity != null
            && entity
                .field(steps.getFirst())
                .filter(field -> field.type().kind() == FieldType.Kind.DATETIME)
                .isPresent();
    return Values.ofCell(walk(row, steps), datetime);
  }

  private static @Nullable Object walk(@Nullable Object value, List<String> steps) {
    @Nullable Object at = value;
    for (String step : steps) {
      at = at instanceof Map<?, ?> object ? object.get(step) : null;
    }
    return at;
  }
}
