package dev.pylon.server;

import dev.pylon.auth.Auth;
import dev.pylon.db.Database;
import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.routes.Callers;
import dev.pylon.server.routes.DataDoor;
import dev.pylon.server.routes.DataRoutes;
import dev.pylon.server.routes.TestRoutes.Reset;
import dev.pylon.store.Change;
import dev.pylon.store.SqlStore;
import dev.pylon.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The data area over a real database, on a free port. Notes every change that is announced. */
final class DataServer implements AutoCloseable {
  static final int ROWS_MAX = 3_000;

  private final Router router = new Router();
  private final Store store;
  private final LoopbackServer http;
  private final List<Change> announced = new CopyOnWriteArrayList<>();

  private DataServer(Store store, Reset reset) throws IOException {
    this.store = store;
    store.onCommit(announced::addAll);
    var callers = new Callers(new Auth("admin-token", "local-token"), TestServer.COOKIE);
    DataRoutes.add(
        router,
        new DataDoor(() -> Optional.of(store), callers, false),
        callers,
        Optional::empty,
        new DataRoutes.Settings(ROWS_MAX, new ClientAddress(0), false, reset, _ -> 0),
        InstantSource.system());
    this.http = LoopbackServer.start(router);
  }

  /** Serves {@code database}, which it closes. */
  static DataServer start(Database database, String manifest, Reset reset) throws IOException {
    return new DataServer(
        SqlStore.open(
            database,
            Manifest.parse(manifest.getBytes(StandardCharsets.UTF_8)),
            "test",
            ROWS_MAX,
            new IdSource(InstantSource.system()),
            InstantSource.system()),
        reset);
  }

  /** One request on a connection of its own. {@code headers} end in line breaks. */
  Reply request(String method, String path, String headers, String body) {
    return http.request(method, path, headers, body);
  }

  RawClient connect() throws IOException {
    return http.connect();
  }

  Router router() {
    return router;
  }

  Store store() {
    return store;
  }

  /** Puts exactly these rows into the database, and forgets what was announced so far. */
  void hold(Map<String, List<Map<String, @Nullable Object>>> rows) {
    store.write(
        Deadline.after(Duration.ofSeconds(20)),
        tx -> {
          for (Entity entity : store.manifest().entities()) {
            tx.each(
                entity.name(),
                Map.of(),
                row -> tx.delete(entity.name(), String.valueOf(row.get("id"))));
          }
          rows.forEach((entity, list) ->
              list.forEach(row -> tx.restore(entity, String.valueOf(row.get("id")), row)));
          return true;
        });
    announced.clear();
  }

  /**
   * What was announced since {@link #hold}, such as {@code insert Todo new}, {@code update Todo t1
   * [done]}, {@code delete Todo t1}.
   */
  List<String> announced() {
    return announced.stream().map(DataServer::shown).toList();
  }

  private static String shown(Change change) {
    String id = change.rowId().length() == 40 ? "new" : change.rowId();
    String fields =
        change.kind() == Change.Kind.UPDATE
            ? " " + String.valueOf(change.data()).replaceAll("^\\{|}$", "")
            : "";
    return change.kind().name().toLowerCase(Locale.ROOT)
        + " "
        + change.entity()
        + " "
        + id
        + fields;
  }

  static Map<String, @Nullable Object> object(Reply reply) {
    return Json.parseObject(reply.bytes());
  }

  /** Ids of a list of rows. */
  static String ids(@Nullable Object rows) {
    return ((List<?>) rows)
        .stream()
            .map(row -> String.valueOf(((Map<?, ?>) row).get("id")))
            .collect(Collectors.joining(" "));
  }

  @Override
  public void close() {
    http.close();
    store.close();
  }
}
