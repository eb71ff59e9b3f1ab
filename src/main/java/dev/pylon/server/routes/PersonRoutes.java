package dev.pylon.server.routes;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.schema.Manifest;
import dev.pylon.server.Router;
import dev.pylon.server.http.JsonStream;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import dev.pylon.store.Rows;
import dev.pylon.store.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a data protection law asks for: everything about one person, told or forgotten (data
 * contract, 4.2). Admins only. A row is about a person where it is their row of the user entity, or
 * points at it.
 */
final class PersonRoutes {
  /** Fields that hold a user's id though they are declared as plain text. */
  private static final Set<String> OWNERS =
      Set.of(
          "userId",
          "user_id",
          "authorId",
          "author_id",
          "ownerId",
          "owner_id",
          "createdBy",
          "created_by");

  private final DataDoor door;
  private final ToIntFunction<String> endSessions;
  private final InstantSource clock;

  /**
   * @param endSessions ends the sessions of a user and tells how many
   */
  PersonRoutes(DataDoor door, ToIntFunction<String> endSessions, InstantSource clock) {
    this.door = door;
    this.endSessions = endSessions;
    this.clock = clock;
  }

  void addTo(Router router) {
    router.on("POST", "/api/admin/users/{id}/export", this::export);
    router.on("DELETE", "/api/admin/users/{id}/purge", this::purge);
  }

  private Response export(Request request, List<String> path) {
    Rows rows = door.allRows(request);
    String user = path.getFirst();
    Map<String, Map<String, @Nullable Object>> filters = about(rows.manifest(), user);
    return JsonStream.streaming(
        200,
        out -> {
          out.text("{\"user_id\":").value(user);
          out.text(",\"exported_at\":").value(ExportRoutes.now(clock));
          out.text(",\"entities\":{");
          var separator = "";
          for (Map.Entry<String, Map<String, @Nullable Object>> filter : filters.entrySet()) {
            out.text(separator).value(filter.getKey()).text(":");
            ExportRoutes.writeArray(out, rows, filter.getKey(), filter.getValue());
            separator = ",";
          }
          out.text("}}");
        });
  }

  private Response purge(Request request, List<String> path) {
    Rows rows = door.allRows(request);
    String user = path.getFirst();
    var errors = new ArrayList<String>();
    long deleted =
        DataDoor.write(
            rows,
            tx -> {
              // A database may run a transaction again from its beginning.
              errors.clear();
              long count = 0;
              for (var filter : about(rows.manifest(), user).entrySet()) {
                count += purge(tx, filter.getKey(), filter.getValue(), errors);
              }
              return count;
            });
    return Response.json(
        200,
        Json.object(
            "user_id", user,
            "purged_at", ExportRoutes.now(clock),
            "rows_deleted", deleted,
            "sessions_revoked", endSessions.applyAsInt(user),
            "errors", errors));
  }

  private static long purge(
      Transaction tx, String entity, Map<String, @Nullable Object> filter, List<String> errors) {
    long[] deleted = new long[1];
    tx.each(
        entity,
        filter,
        row -> {
          String id = String.valueOf(row.get("id"));
          try {
            deleted[0] += tx.delete(entity, id) ? 1 : 0;
          } catch (PylonException e) {
            if (e.code().status() >= 500) {
              throw e;
            }
            errors.add("%s/%s: %s".formatted(entity, id, e.message()));
          }
        });
    return deleted[0];
  }

  /** For each entity that may hold something about {@code user}, which of its rows do. */
  private static Map<String, Map<String, @Nullable Object>> about(Manifest manifest, String user) {
    String users = manifest.auth().userEntity();
    var filters = new LinkedHashMap<String, Map<String, @Nullable Object>>();
    for (Entity entity : manifest.entities()) {
      var ways = new ArrayList<Map<String, Object>>();
      if (entity.name().equals(users)) {
        ways.add(Map.of("id", user));
      }
      for (Field field : entity.fields()) {
        if (pointsAtUser(field, users)) {
          ways.add(Map.of(field.name(), user));
        }
      }
      if (!ways.isEmpty()) {
        filters.put(entity.name(), Map.of("$or", ways));
      }
    }
    return filters;
  }

  private static boolean pointsAtUser(Field field, String users) {
    FieldType type = field.type();
    return users.equals(type.target())
        || (OWNERS.contains(field.name()) && (type.isText() || type.kind() == FieldType.Kind.ID));
  }
}
