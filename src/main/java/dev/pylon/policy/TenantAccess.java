package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.schema.Entity;
import dev.pylon.store.Access;
import dev.pylon.store.Visibility;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.Condition.Comparison;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a caller may see and change, and of that only the rows of their tenant. */
final class TenantAccess implements Access {
  private final Access all;
  private final @Nullable String tenant;

  TenantAccess(Access all) {
    this.all = all;
    this.tenant = all.caller().tenantId();
  }

  @Override
  public Identity caller() {
    return all.caller();
  }

  @Override
  public boolean seesHiddenFields() {
    return all.seesHiddenFields();
  }

  /** Who has no tenant reads none of these rows; to write them takes one. */
  @Override
  public void require(Deed deed, Entity entity) {
    if (deed != Deed.READ && tenant == null && Tenants.field(entity).isPresent()) {
      throw Tenants.required();
    }
    all.require(deed, entity);
  }

  @Override
  public Visibility readable(Entity entity) {
    Visibility visible = all.readable(entity);
    Optional<Column> column = Tenants.field(entity).flatMap(entity::field).map(Column::of);
    if (column.isEmpty()) {
      return visible;
    }
    return tenant == null
        ? Visibility.NONE
        : new Visibility(
            RuleCompiler.and(
                List.of(
                    new Condition.Compare(column.get(), Comparison.EQUAL, tenant),
                    visible.where())),
            visible.rest());
  }

  @Override
  public void requireInsert(Entity entity, Map<String, @Nullable Object> row) {
    requireOurs(entity, row, false);
    all.requireInsert(entity, row);
  }

  @Override
  public void requireUpdate(
      Entity entity, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    requireOurs(entity, before, true);
    requireOurs(entity, after, true);
    all.requireUpdate(entity, before, after);
  }

  @Override
  public void requireDelete(Entity entity, Map<String, @Nullable Object> before) {
    requireOurs(entity, before, true);
    all.requireDelete(entity, before);
  }

  /**
   * @param named whether the row must name its tenant; one that does not yet is stamped
   */
  private void requireOurs(Entity entity, Map<String, @Nullable Object> row, boolean named) {
    Optional<String> field = Tenants.field(entity);
    if (field.isEmpty()) {
      return;
    }
    if (tenant == null) {
      throw Tenants.required();
    }
    Object owner = row.get(field.get());
    if ((named || Tenants.names(owner)) && !tenant.equals(owner)) {
      throw Tenants.mismatch();
    }
  }
}
