package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.schema.Manifest;
import dev.pylon.store.Access;
import dev.pylon.store.WriteStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rows that belong to a tenant stay with it. A row does where its entity has one of a few fields,
 * {@code orgId} above all. Administrators and functions are trusted with the rows of all.
 */
public final class Tenants {
  /** The first that an entity has. */
  private static final List<String> FIELDS = List.of("orgId", "tenantId", "org_id", "tenant_id");

  private Tenants() {}

  /** What {@code access} lets its caller see and change, of their tenant. */
  public static Access keep(Access access) {
    return access.caller().admin() ? access : new TenantAccess(access);
  }

  /** Writes the caller's tenant into the rows they add without one. */
  public static WriteStep stamp(Supplier<Manifest> manifest) {
    return new WriteStep() {
      @Override
      public Map<String, @Nullable Object> beforeInsert(
          Occasion occasion, String entity, Map<String, @Nullable Object> row) {
        Identity caller = occasion.caller();
        String tenant = caller.tenantId();
        Optional<String> field = manifest.get().entity(entity).flatMap(Tenants::field);
        if (tenant == null || caller.admin() || field.isEmpty() || names(row.get(field.get()))) {
          return row;
        }
        var stamped = new LinkedHashMap<String, @Nullable Object>(row);
        stamped.put(field.get(), tenant);
        return stamped;
      }
    };
  }

  /**
   * Why rows are out of the caller's reach whatever policies say; empty where they are not, or
   * where it takes a row to tell.
   */
  public static Optional<String> refusal(Question question) {
    if (!(question instanceof Question.OfRow row) || row.caller().admin()) {
      return Optional.empty();
    }
    Optional<String> field = field(row.entity());
    if (field.isEmpty()) {
      return Optional.empty();
    }
    String tenant = row.caller().tenantId();
    if (tenant == null) {
      return Optional.of("its rows belong to tenants, and none is selected (PYLON_TENANT_SCOPE)");
    }
    boolean isNew = row.deed() == Access.Deed.INSERT;
    return isAnothers(row.row(), field.get(), tenant, false)
            || isAnothers(row.sent(), field.get(), tenant, isNew)
        ? Optional.of("the row is not of the selected tenant (PYLON_TENANT_SCOPE)")
        : Optional.empty();
  }

  /**
   * @param isNew whether the row is stamped where it names no tenant
   */
  private static boolean isAnothers(
      @Nullable Map<String, @Nullable Object> row, String field, String tenant, boolean isNew) {
    return row != null
        && row.containsKey(field)
        && !tenant.equals(row.get(field))
        && !(isNew && !names(row.get(field)));
  }

  /** Whether {@code value} names a tenant. */
  static boolean names(@Nullable Object value) {
    return value != null && !value.equals("");
  }

  /** The field that names the tenant of a row; empty for entities that belong to all. */
  static Optional<String> field(Entity entity) {
    return FIELDS.stream()
        .filter(name -> entity.field(name).filter(Tenants::holdsIds).isPresent())
        .findFirst();
  }

  private static boolean holdsIds(Field field) {
    return field.type().isText() || field.type().kind() == FieldType.Kind.ID;
  }

  static PylonException required() {
    return new PylonException(
        PolicyError.TENANT_REQUIRED, "Select an organization first: these rows belong to one");
  }

  static PylonException mismatch() {
    return new PylonException(
        PolicyError.TENANT_MISMATCH, "The row names another organization than the selected one");
  }
}
