package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.sqlite.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The auth area is what its page says it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountEndpointsTest {
  private static final Pattern ROW = Pattern.compile("\\| `([A-Z*]+ /[^`]*)` \\| (.*) \\|");

  private AccountServer server;

  @BeforeAll
  void start() throws IOException {
    server = AccountServer.start(SqliteDatabase.temporary(), AccountServer.PEOPLE, false);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static boolean isOurs(String path) {
    return path.startsWith("/api/auth/")
        || path.startsWith("/api/billing/")
        || path.startsWith("/scim/")
        || path.startsWith("/.well-known/");
  }

  private Set<String> endpoints() {
    var found = new TreeSet<String>();
    server.router().endpoints().stream()
        .filter(endpoint -> isOurs(endpoint.path()))
        .forEach(endpoint -> found.add(endpoint.method() + " " + endpoint.path()));
    return found;
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("src/docs/AUTH.md"));
  }

  @Test
  void thePageListsEveryEndpoint() throws IOException {
    var listed = new TreeSet<String>();
    ROW.matcher(page()).results().forEach(row -> listed.add(row.group(1)));

    assertThat(listed).isEqualTo(endpoints());
  }

  @Test
  void everyEndpointNamesATestThatAsksIt() throws IOException {
    String tested = page().substring(0, page().indexOf("## Not part"));
    var unasked = new TreeSet<String>();
    ROW.matcher(tested)
        .results()
        .forEach(row -> {
          String path = row.group(1).replaceFirst(".* /api/auth/", "").replaceFirst("\\{.*", "");
          String test = row.group(2).replaceFirst("^`(\\w+)`.*", "$1");
          if (!source(test).contains(path)) {
            unasked.add(row.group(1) + " in " + test);
          }
        });

    assertThat(unasked).isEmpty();
  }

  private static String source(String test) {
    try {
      return Files.readString(Path.of("src/test/java/dev/pylon/server", test + ".java"));
    } catch (IOException e) {
      throw new AssertionError("no test is called " + test, e);
    }
  }

  @Test
  void whatIsNotBuiltSaysSoToEverybody() {
    for (String endpoint : endpoints()) {
      if (endpoint.startsWith("* ")) {
        String path = endpoint.substring(2).replaceAll("\\{[^}]*}", "x");
        assertThat(server.post(path, "", "{}").status()).as(path).isEqualTo(501);
        assertThat(server.get(path, "").body()).as(path).contains("NOT_IMPLEMENTED");
      }
    }
  }

  @Test
  void whereNoneIsConfiguredThereAreNoOtherProviders() {
    assertThat(server.get("/api/auth/providers", "").body()).isEqualTo("[]");
  }
}
