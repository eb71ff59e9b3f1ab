package dev.pylon.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.remote.CannedServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandTest {
  private static final String ANSWER =
      """
      {"op":"read","caller":{"user_id":"ann","is_admin":false,"tenant_id":"acme","roles":[]},\
      "entity":"Todo","id":"t3","row":"found","result":"deny","decided_by":{"policy":"own",\
      "rule":"allowRead","op":"read","about":"row","clause":"auth.userId == data.ownerId","at":0,\
      "result":"false","values":[{"path":"auth.userId","value":"ann"},\
      {"path":"data.ownerId","value":"bob"}]},"rules":[{"policy":"own","rule":"allowRead",\
      "op":"read","about":"row","expression":"x","result":"false","tree":{"kind":"or","text":"x",\
      "at":0,"result":"false","parts":[{"kind":"compare","text":"auth.userId == data.ownerId",\
      "at":0,"result":"false","values":[{"path":"auth.userId","value":"ann"},\
      {"path":"data.ownerId","value":"bob"}]},{"kind":"value","text":"data.shared","at":9,\
      "result":"unknown","values":[]}]}}]}\
      """;

  @TempDir private Path folder;
  private CannedServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new CannedServer()
            .announcedIn(folder)
            .answers("POST /api/admin/policy/explain", 200, ANSWER);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Cli.Result run(String... args) {
    return Cli.in(folder).run(args);
  }

  @Test
  void theRulesAreShownAsATreeWithWhatDecided() {
    Cli.Result result =
        run("policy", "explain", "Todo/t3", "--as", "ann", "--tenant", "acme", "--op", "read");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out())
        .isEqualTo(
            """
            deny: ann@acme, read Todo/t3

            ✗ policy own, allowRead for read (row)
              ✗ any of
                ✗ auth.userId == data.ownerId   auth.userId is "ann", data.ownerId is "bob"
                ? data.shared

            decided by policy own, allowRead: auth.userId == data.ownerId   auth.userId is "ann", data.ownerId is "bob"
            """);
    assertThat(server.asked().getLast().body())
        .isEqualTo(
            "{\"op\":\"read\",\"entity\":\"Todo\",\"id\":\"t3\",\"as\":"
                + "{\"user_id\":\"ann\",\"tenant_id\":\"acme\",\"is_admin\":false}}");
  }

  @Test
  void jsonIsWhatTheServerSays() {
    Cli.Result result =
        run(
            "policy",
            "explain",
            "Todo",
            "--anon",
            "--op",
            "insert",
            "--data",
            "{\"a\":1}",
            "--json");

    assertThat(result.out()).isEqualTo(ANSWER.strip() + "\n");
    assertThat(server.asked().getLast().body())
        .isEqualTo(
            "{\"op\":\"insert\",\"entity\":\"Todo\",\"data\":{\"a\":1},\"as\":{\"is_admin\":false}}");
  }

  @Test
  void whatIsMistypedIsSaidBeforeAnythingIsAsked() {
    assertThat(run("policy").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("policy", "explain").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("policy", "explain", "Todo", "--op", "paint").err()).contains("paint");
    assertThat(run("policy", "explian", "Todo").err()).contains("pylon policy explain");
    assertThat(server.asked()).noneMatch(asked -> asked.path().contains("policy"));
  }
}
