package dev.pylon.server;

import static dev.pylon.server.AccountServer.bearer;
import static dev.pylon.server.AccountServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Database;
import dev.pylon.email.Letter;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server on which people sign up, and what they do there, for contracts about signing in. */
abstract class SignInDesk {
  /** One application keeps the hash in its rows, the other has no column for it. */
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "desk", "version": "1", "routes": [],
       "entities": [
         {"name": "User", "indexes": [], "fields": [
           {"name": "email", "type": "string", "optional": false, "unique": true},
           {"name": "displayName", "type": "string", "optional": true, "unique": false},
           %s
           {"name": "emailVerified", "type": "datetime", "optional": true, "unique": false},
           {"name": "avatarColor", "type": "string", "optional": true, "unique": false}]},
         {"name": "Todo", "indexes": [], "fields": [
           {"name": "title", "type": "string", "optional": true, "unique": false},
           {"name": "ownerId", "type": "id(User)", "optional": true, "unique": false}]}],
       "policies": [
         {"name": "own", "entity": "Todo", "allow": "auth.userId == data.ownerId"}]}
      """;

  private static final String HASH_COLUMN =
      """
      {"name": "passwordHash", "type": "string", "optional": true, "unique": false},
      """;

  static final String PASSWORD = "correct horse";

  @TempDir Path folder;
  AccountServer server;

  abstract Database open(Path folder);

  @BeforeEach
  void start() throws IOException {
    server = AccountServer.start(open(folder), MANIFEST.formatted(HASH_COLUMN), false);
  }

  final void startWithoutColumn() throws IOException {
    server.close();
    server = AccountServer.start(open(folder), MANIFEST.formatted(""), false);
  }

  /** On this machine codes are told to whoever asks. */
  final void startInDevMode() throws IOException {
    server.close();
    server = AccountServer.start(open(folder), MANIFEST.formatted(HASH_COLUMN), true);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  final Reply post(String path, String headers, Object... members) {
    return server.post(
        "/api/auth/" + path, server.newcomer(headers), Json.text(Json.object(members)));
  }

  final Reply register(String email) {
    return post("password/register", "", "email", email, "password", PASSWORD);
  }

  final Reply login(String email, String password) {
    return post("password/login", "", "email", email, "password", password);
  }

  static String session(Reply reply) {
    return bearer(text(reply, "token"));
  }

  static String code(Letter letter) {
    return letter.text().replaceAll("(?s).*: (\\d{6}).*", "$1");
  }

  final String magicCode(String email) {
    assertThat(post("magic/send", "", "email", email).status()).isEqualTo(200);
    return code(server.letter());
  }

  final Reply magicSignIn(String email) {
    return post("magic/verify", "", "email", email, "code", magicCode(email));
  }
}
