package dev.pylon.server.routes;

import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.server.Router;
import dev.pylon.server.http.LocalCaller;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Rows;
import java.util.List;
import java.util.Map;

/** {@code /api/__test__}: what a test suite needs of the server it runs against. */
public final class TestRoutes {
  private final DataDoor door;
  private final Reset reset;

  /** Who may empty the database. */
  public enum Reset {
    /** Nobody: this is no dev server, or its database is there to stay. */
    NOBODY,
    LOCAL_CALLERS,
    ANYBODY
  }

  TestRoutes(DataDoor door, Reset reset) {
    this.door = door;
    this.reset = reset;
  }

  void addTo(Router router) {
    router.on("POST", "/api/__test__/reset", this::reset);
  }

  private Response reset(Request request, List<String> none) {
    boolean allowed =
        switch (reset) {
          case NOBODY -> false;
          case LOCAL_CALLERS -> LocalCaller.is(request);
          case ANYBODY -> true;
        };
    if (!allowed) {
      throw new PylonException(
          DataError.RESET_REFUSED,
          "Only a dev server with its database in memory is reset, and only from this machine");
    }
    Rows rows = door.everyRow();
    DataDoor.write(
        rows,
        tx -> {
          for (Entity entity : rows.manifest().entities()) {
            String name = entity.name();
            tx.each(name, Map.of(), row -> tx.delete(name, String.valueOf(row.get("id"))));
          }
          return true;
        });
    return Response.json(200, Map.of("reset", true));
  }
}
