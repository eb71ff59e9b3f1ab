package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.schema.Entity;
import dev.pylon.store.Access;
import dev.pylon.store.Visibility;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a program sees and changes with an API key: what its owner may, where its scopes let it. */
final class KeyAccess implements Access {
  private final Access owner;
  private final KeyScopes scopes;

  KeyAccess(Access owner, KeyScopes scopes) {
    this.owner = owner;
    this.scopes = scopes;
  }

  @Override
  public Identity caller() {
    return owner.caller();
  }

  @Override
  public boolean seesHiddenFields() {
    return owner.seesHiddenFields();
  }

  @Override
  public void require(Deed deed, Entity entity) {
    scopes.require(deed, entity.name());
    owner.require(deed, entity);
  }

  /** Rows are met on the way from others, too, where nothing was required before. */
  @Override
  public Visibility readable(Entity entity) {
    return scopes.allow(Deed.READ, entity.name()) ? owner.readable(entity) : Visibility.NONE;
  }

  @Override
  public void requireInsert(Entity entity, Map<String, @Nullable Object> row) {
    scopes.require(Deed.INSERT, entity.name());
    owner.requireInsert(entity, row);
  }

  @Override
  public void requireUpdate(
      Entity entity, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    scopes.require(Deed.UPDATE, entity.name());
    owner.requireUpdate(entity, before, after);
  }

  @Override
  public void requireDelete(Entity entity, Map<String, @Nullable Object> before) {
    scopes.require(Deed.DELETE, entity.name());
    owner.requireDelete(entity, before);
  }
}
