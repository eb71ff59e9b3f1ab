package dev.pylon.auth;

import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.store.Transaction;
import java.util.ArrayList;
import java.util.Map;

/** Visitors without an account, and what becomes of their rows when they get one. Thread-safe. */
public final class Guests {
  private static final int ID_BYTES = 16;

  private static final System.Logger LOG = System.getLogger(Guests.class.getName());

  private final Users users;

  Guests(Users users) {
    this.users = users;
  }

  /** The id of somebody new. */
  public static String newId() {
    return Identity.GUEST_PREFIX + Secrets.hex(ID_BYTES);
  }

  /**
   * Gives {@code userId} every row that points at {@code guestId}, whatever the entity. A row that
   * is refused stays as it is: it must not keep its owner from signing in.
   *
   * @return what was touched, such as {@code Cart.userId:2,Order.buyerId:1}; empty for nothing
   */
  public String merge(String guestId, String userId) {
    if (guestId.equals(userId)) {
      return "";
    }
    String entityOfUsers = users.settings().userEntity();
    return users.write(tx -> {
      var touched = new ArrayList<String>();
      for (Entity entity : users.manifest().entities()) {
        for (Field field : entity.fields()) {
          if (!entity.name().equals(entityOfUsers) && entityOfUsers.equals(field.type().target())) {
            int count = give(tx, entity.name(), field.name(), guestId, userId);
            if (count > 0) {
              touched.add("%s.%s:%d".formatted(entity.name(), field.name(), count));
            }
          }
        }
      }
      return String.join(",", touched);
    });
  }

  private static int give(Transaction tx, String entity, String field, String from, String to) {
    int[] given = new int[1];
    tx.each(
        entity,
        Map.of(field, from),
        row -> {
          String id = String.valueOf(row.get("id"));
          try {
            given[0] += tx.update(entity, id, Map.of(field, to)) ? 1 : 0;
          } catch (PylonException e) {
            if (e.code().status() >= 500) {
              throw e;
            }
            LOG.log(
                System.Logger.Level.WARNING,
                "a guest's row was not merged entity={0} id={1} code={2}",
                entity,
                id,
                e.code().name());
          }
        });
    return given[0];
  }
}
