package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.server.RawClient.Reply;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A row of a table: what is asked, by whom, and what is to become of it. Built in the order in
 * which it is read.
 */
final class Scenario {
  private final String method;
  private final String path;
  private final String body;
  private Set<Who> callers = EnumSet.allOf(Who.class);
  private int status;
  private final List<String> parts = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();
  private List<String> changes = List.of();

  /** Who asks. */
  enum Who {
    ANONYMOUS(""),
    WRONG_TOKEN("Authorization: Bearer wrong\n"),
    ADMIN("Authorization: Bearer admin-token\n"),
    LOCAL_ADMIN("Authorization: Bearer local-token\n"),
    LOCAL_TOKEN_FROM_ELSEWHERE("Authorization: Bearer local-token\nX-Forwarded-For: 203.0.113.9\n"),
    ADMIN_AS_USER("Authorization: Bearer admin-token\nX-Pylon-As: u1\n");

    static final Set<Who> ADMINS = EnumSet.of(ADMIN, LOCAL_ADMIN, ADMIN_AS_USER);
    static final Set<Who> OTHERS = EnumSet.of(ANONYMOUS, WRONG_TOKEN, LOCAL_TOKEN_FROM_ELSEWHERE);

    private final String headers;

    Who(String headers) {
      this.headers = headers;
    }
  }

  private Scenario(String method, String path, String body) {
    this.method = method;
    this.path = path;
    this.body = body;
  }

  /** Asked by every kind of caller, unless {@link #by} says otherwise. */
  static Scenario of(String method, String path, String body) {
    return new Scenario(method, path, body);
  }

  static Scenario get(String path) {
    return of("GET", path, "");
  }

  static Scenario post(String path, String body) {
    return of("POST", path, body);
  }

  static Scenario patch(String path, String body) {
    return of("PATCH", path, body);
  }

  static Scenario delete(String path) {
    return of("DELETE", path, "");
  }

  Scenario by(Set<Who> who) {
    callers = who;
    return this;
  }

  /** The status, and what the body contains. */
  Scenario gives(int expected, String... contained) {
    status = expected;
    parts.addAll(List.of(contained));
    return this;
  }

  /** The status of an error and its code. */
  Scenario refuses(int expected, String code, String... contained) {
    return gives(expected, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"")
        .gives(expected, contained);
  }

  /** What the body does not contain. */
  Scenario without(String... notContained) {
    absent.addAll(List.of(notContained));
    return this;
  }

  /** Exactly the changes that are announced; none, unless this is said. */
  Scenario announces(String... expected) {
    changes = List.of(expected);
    return this;
  }

  String method() {
    return method;
  }

  /** Without its query. */
  String path() {
    return path.replaceFirst("\\?.*", "");
  }

  Set<Who> callers() {
    return callers;
  }

  /** A test for each caller. */
  Stream<DynamicTest> tests(DataServer server, Runnable before) {
    return callers.stream()
        .map(who ->
            DynamicTest.dynamicTest(
                "%s %s %s %s -> %d".formatted(who, method, path, body, status),
                () -> {
                  before.run();
                  check(server, server.request(method, path, who.headers, body));
                }));
  }

  private void check(DataServer server, Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).contains(parts);
    absent.forEach(text -> assertThat(reply.body()).doesNotContain(text));
    assertThat(reply.body())
        .doesNotContainIgnoringCase("jdbc", "exception", "SELECT ", "FROM \\\"");
    assertThat(server.announced()).isEqualTo(changes);
  }
}
