package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.PylonProcess;
import dev.pylon.cli.Packaged.Ended;
import dev.pylon.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Points of the command line's acceptance list, by their numbers, that need a launcher and a server
 * of its own. Where the others are shown: the table in {@code src/docs/TERMINAL.md}.
 */
@NeedsBun
@Timeout(180)
class CliPointsIT {
  @TempDir private Path folder;
  private Path todo;

  @BeforeEach
  void project() throws IOException {
    todo = PylonProcess.sample("todo", folder);
    Files.writeString(
        todo.resolve("functions/whoami.ts"),
        """
        import { query } from "@pylonsync/functions";
        export default query({ args: {}, handler: (ctx) => ctx.auth });
        """);
  }

  private static Map<String, @Nullable Object> object(String json) {
    return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void p09TwoProjectsAtOnceAreToldApart() throws Exception {
    Path other = PylonProcess.sample("todo", Files.createDirectory(folder.resolve("second")));
    try (var first = PylonProcess.start(todo, "dev");
        var second = PylonProcess.start(other, "dev")) {
      String here = first.awaitReady();
      String there = second.awaitReady();

      assertThat(here).isNotEqualTo(there);
      assertThat(Packaged.in(todo).run("call", "addTodo", "title=milk").exit()).isZero();
      assertThat(Packaged.in(todo).run("call", "listTodos").out()).contains("milk");
      assertThat(Packaged.in(other).run("call", "listTodos").out()).isEqualTo("[]\n");
      assertThat(Packaged.in(todo).run("traces", "--json").out()).contains("addTodo");
      assertThat(Packaged.in(other).run("traces", "--json").out()).doesNotContain("addTodo");
      assertThat(Packaged.in(other).run("status", "--json").out()).contains(there);
    }
  }

  @Test
  void p10ACallIsMadeAsWhomItSays() throws Exception {
    try (var server = PylonProcess.start(todo, "dev", "--port", "0")) {
      server.awaitReady();

      assertThat(auth()).containsEntry("userId", null).containsEntry("isAdmin", false);
      assertThat(auth("--as", "u_1", "--tenant", "o_1"))
          .containsEntry("userId", "u_1")
          .containsEntry("tenantId", "o_1")
          .containsEntry("isAdmin", false);
      assertThat(auth("--as", "u_1", "--admin"))
          .containsEntry("userId", "u_1")
          .containsEntry("isAdmin", true);
    }
  }

  private Map<String, @Nullable Object> auth(String... options) {
    var words = new ArrayList<>(List.of("call", "whoami"));
    words.addAll(List.of(options));
    Ended ended = Packaged.in(todo).run(words.toArray(String[]::new));
    assertThat(ended.exit()).as(ended.err()).isZero();
    return object(ended.out());
  }

  @Test
  void p11ACallNeverWaitsForStandardInput() throws Exception {
    try (var server = PylonProcess.start(todo, "dev", "--port", "0")) {
      server.awaitReady();

      for (String input : List.of("</dev/null", "<&-", "< <(exec tail -f /dev/null)")) {
        Ended ended = Packaged.in(todo).shell("timeout 20 \"$P\" call listTodos --json " + input);

        assertThat(ended.exit()).as(input + ended.err()).isZero();
        assertThat(object(ended.out())).containsEntry("ok", true);
      }
    }
  }

  @Test
  void p12AFollowerOutlivesTheServer() throws Exception {
    try (var first = PylonProcess.start(todo, "dev", "--port", "0")) {
      first.awaitReady();
      try (var follower = PylonProcess.start(todo, "traces", "--follow", "--json", "--wait")) {
        awaitFollowed(follower, "before");
        first.signal("TERM");
        assertThat(first.awaitExit(Eventually.SOON)).isEqualTo(143);
        try (var second = PylonProcess.start(todo, "dev", "--port", "0")) {
          second.awaitReady();
          awaitFollowed(follower, "after");
        }
        assertThat(follower.out()).allMatch(line -> object(line).containsKey("call_id"));
        assertThat(follower.out().stream().map(line -> object(line).get("started_at")))
            .doesNotHaveDuplicates();
        assertThat(follower.err())
            .startsWith("connection lost, waiting for the server", "connected again");
        follower.signal("INT");
        assertThat(follower.awaitExit(Eventually.SOON)).isEqualTo(130);
      }
    }
  }

  /** Calls until the follower has shown one: it may still be on its way to the server. */
  private void awaitFollowed(PylonProcess follower, String title) {
    int shown = follower.out().size();
    Eventually.within(
        Duration.ofSeconds(40),
        () -> {
          // A machine that stands still for a second looks like a server that is gone: 69.
          Ended called = Packaged.in(todo).run("call", "addTodo", "title=" + title);
          assertThat(called.exit()).as(called.err()).isIn(0, 69);
          assertThat(follower.isAlive())
              .as("out %s err %s", follower.out(), follower.err())
              .isTrue();
          return follower.out().size() > shown;
        },
        () -> "out " + follower.out() + " err " + follower.err());
  }

  /** As the scaffolder of the package registry writes it: another entry, an action that inserts. */
  @Test
  void p15AnActionOfTheOtherScaffoldInsertsARow() throws Exception {
    Files.move(todo.resolve("app.ts"), todo.resolve("schema.ts"));
    Files.writeString(
        todo.resolve("functions/addTodo.ts"),
        """
        import { action, v } from "@pylonsync/functions";
        export default action({
          args: { title: v.string() },
          handler: (ctx, { title }) =>
            ctx.db.insert("Todo", { title, done: false, createdAt: new Date().toISOString() }),
        });
        """);
    try (var server = PylonProcess.start(todo, "dev", "schema.ts", "--port", "0")) {
      server.awaitReady();

      assertThat(Packaged.in(todo).run("call", "addTodo", "title=first").exit()).isZero();
      assertThat(Packaged.in(todo).run("call", "listTodos").out()).contains("first");
    }
  }
}
