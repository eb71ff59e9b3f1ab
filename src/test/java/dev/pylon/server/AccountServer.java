package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.auth.Accounts;
import dev.pylon.auth.Auth;
import dev.pylon.auth.OAuthSignIn;
import dev.pylon.auth.SecondFactors;
import dev.pylon.auth.Vault;
import dev.pylon.auth.jwt.Bearers;
import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.email.Letter;
import dev.pylon.email.MailException;
import dev.pylon.json.Json;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.policy.Tenants;
import dev.pylon.schema.Manifest;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.routes.AccountDoor;
import dev.pylon.server.routes.AccountRoutes;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The auth and data areas over a real database, which also keeps the sessions, on a free port. Its
 * clock stands until it is told to go on.
 */
final class AccountServer implements AutoCloseable {
  static final String ADMIN = "Authorization: Bearer admin-token\n";
  static final String PAGE = "Origin: http://localhost\n";

  /** A caller from another machine, as far as a proxy tells. */
  static final String ELSEWHERE = "X-Forwarded-For: 203.0.113.9\n";

  /** People, and nothing else. */
  static final String PEOPLE =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "entities": [{"name": "User", "indexes": [], "fields": [
         {"name": "email", "type": "string", "optional": false, "unique": true}]}]}
      """;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
  private final InstantSource clock = now::get;
  private final Router router = new Router();
  private final Database database;
  private final Store store;
  private final Accounts accounts;
  private final LoopbackServer http;
  private final BlockingQueue<Letter> letters = new LinkedBlockingQueue<>();
  private final AtomicInteger addresses = new AtomicInteger();
  private volatile @Nullable Thread hearing;
  private volatile boolean mailIsDown;
  private final List<Change> announced = new CopyOnWriteArrayList<>();

  private AccountServer(
      Database database,
      Manifest manifest,
      boolean devMode,
      boolean tenantScope,
      Federated federated)
      throws IOException {
    this.database = database;
    this.store = SqlStore.open(database, manifest, "test", 1_000, new IdSource(clock), clock);
    store.onCommit(announced::addAll);
    this.accounts =
        new Accounts(
            Vault.of(() -> database, false),
            () -> Optional.of(store),
            new Accounts.Settings(
                this::deliver,
                "lost-password"::equals,
                null,
                "https://example.com",
                new SecondFactors.Settings("a key that nobody guesses", null),
                Map.of(),
                new Bearers(federated.tokens(), StubProvider.REMOTE, clock),
                federated.oauth()),
            new IdSource(clock),
            clock);
    store.onCommit(accounts.listener());
    var callers = new Callers(new Auth("admin-token", "local-token", accounts), TestServer.COOKIE);
    var data = new DataDoor(() -> Optional.of(store), callers, tenantScope);
    if (tenantScope) {
      store.beforeWrite(Tenants.stamp(store::manifest));
    }
    var clients = new ClientAddress(1);
    DataRoutes.add(
        router,
        data,
        callers,
        Optional::empty,
        new DataRoutes.Settings(
            1_000, clients, devMode, Reset.NOBODY, accounts.sessions()::revokeAll),
        clock);
    AccountRoutes.add(
        router,
        new AccountDoor(
            accounts, callers, new AccountDoor.Settings(clients, devMode, false, "/app")),
        data);
    this.http = LoopbackServer.start(router);
  }

  /** Serves {@code database}, which it closes. */
  static AccountServer start(Database database, String manifest, boolean devMode)
      throws IOException {
    return new AccountServer(
        database,
        Manifest.parse(manifest.getBytes(StandardCharsets.UTF_8)),
        devMode,
        false,
        Federated.NOBODY);
  }

  /** Whom else the server believes. */
  record Federated(Bearers.Settings tokens, OAuthSignIn.Settings oauth) {
    static final Federated NOBODY = new Federated(Bearers.Settings.NONE, OAuthSignIn.Settings.NONE);
  }

  /** The same, where others are believed. */
  static AccountServer start(
      Database database, String manifest, boolean devMode, Federated federated) throws IOException {
    return new AccountServer(
        database,
        Manifest.parse(manifest.getBytes(StandardCharsets.UTF_8)),
        devMode,
        false,
        federated);
  }

  /** The same, where tenants are kept apart. */
  static AccountServer startWithTenants(Database database, String manifest) throws IOException {
    return new AccountServer(
        database,
        Manifest.parse(manifest.getBytes(StandardCharsets.UTF_8)),
        false,
        true,
        Federated.NOBODY);
  }

  private void deliver(Letter letter) {
    if (mailIsDown) {
      throw new MailException("down");
    }
    letters.add(letter);
  }

  /** Takes no letters from now on. */
  void loseMail() {
    mailIsDown = true;
  }

  /** The next letter, which may be on its way yet. */
  Letter letter() {
    try {
      Letter letter = letters.poll(30, TimeUnit.SECONDS);
      if (letter == null) {
        throw new AssertionError("no letter came");
      }
      return letter;
    } catch (InterruptedException e) {
      throw new AssertionError("no letter came", e);
    }
  }

  /** Whether a letter lies there. */
  boolean hasLetter() {
    return !letters.isEmpty();
  }

  /** What the clock shows. */
  long seconds() {
    return now.get().getEpochSecond();
  }

  Instant now() {
    return clock.instant();
  }

  /** Lets time pass. */
  void pass(Duration time) {
    now.updateAndGet(moment -> moment.plus(time));
  }

  /** One request on a connection of its own. {@code headers} end in line breaks. */
  Reply request(String method, String path, String headers, String body) {
    return http.request(method, path, headers, body);
  }

  Reply get(String path, String headers) {
    return request("GET", path, headers, "");
  }

  Reply post(String path, String headers, String body) {
    return request("POST", path, headers, body);
  }

  /**
   * {@code headers} of somebody at an address that nobody has used yet, so that only what a test is
   * about limits them.
   */
  String newcomer(String headers) {
    int address = addresses.incrementAndGet();
    return headers + "X-Forwarded-For: 198.51.%d.%d\n".formatted(address / 200, address % 200 + 1);
  }

  /**
   * A newcomer asks the auth area.
   *
   * @param members of the body, names and values in turn; no body where there are none
   */
  Reply ask(String method, String path, String headers, Object... members) {
    return request(
        method,
        "/api/auth/" + path,
        newcomer(headers),
        members.length == 0 ? "" : Json.text(Json.object(members)));
  }

  /** Whom a session is of. */
  @Nullable Object userOf(String headers) {
    return object(get("/api/auth/me", headers)).get("user_id");
  }

  /** A session of {@code userId}, as the header that presents it. */
  String as(String userId) {
    Reply minted = post("/api/auth/session", ADMIN, Json.text(Map.of("user_id", userId)));
    return bearer(text(minted, "token"));
  }

  static String bearer(String token) {
    return "Authorization: Bearer " + token + "\n";
  }

  static Map<String, @Nullable Object> object(Reply reply) {
    return Json.parseObject(reply.bytes());
  }

  static String text(Reply reply, String member) {
    if (object(reply).get(member) instanceof String text) {
      return text;
    }
    throw new AssertionError("no " + member + " in " + reply.status() + " " + reply.body());
  }

  /** Adds a row under this id. */
  void row(String entity, String id, Map<String, @Nullable Object> row) {
    store.write(
        Deadline.after(Duration.ofSeconds(20)),
        tx -> {
          tx.restore(entity, id, row);
          return true;
        });
  }

  Store store() {
    return store;
  }

  Database database() {
    return database;
  }

  Router router() {
    return router;
  }

  List<Change> announced() {
    return announced;
  }

  /** From when this returns what other nodes tell is heard. */
  void hearOtherNodes() {
    var begun = new CountDownLatch(1);
    Database.Ear theirs = accounts.otherNodes();
    Database.Ear ours =
        new Database.Ear() {
          @Override
          public void begin() {
            theirs.begin();
            begun.countDown();
          }

          @Override
          public void heard(String words) {
            theirs.heard(words);
          }
        };
    hearing = Thread.ofVirtual().start(() -> database.hear(Accounts.NODES, ours));
    try {
      assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("nothing was heard", e);
    }
  }

  /** Cuts off whoever hears of anything in this database. */
  void loseListeners() {
    Sql cut =
        Sql.of(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND query LIKE 'LISTEN %'");
    assertThat(
            database.<Long, RuntimeException>read(
                session -> session.one(cut, row -> row.integer(0)).orElseThrow()))
        .isPositive();
  }

  @Override
  public void close() {
    Thread ear = hearing;
    if (ear != null) {
      ear.interrupt();
    }
    http.close();
    accounts.close(Deadline.after(Duration.ZERO));
    store.close();
  }
}
