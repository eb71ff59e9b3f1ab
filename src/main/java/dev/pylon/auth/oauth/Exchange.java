package dev.pylon.auth.oauth;

import dev.pylon.model.PylonException;
import dev.pylon.outbound.Remote;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all providers have in common: the page one signs in at, and a code that becomes tokens. */
final class Exchange {
  private Exchange() {}

  /** The address of a sign-in page; what it has behind its question mark stays. */
  static URI page(
      URI authorization, Client client, String scopes, Attempt attempt, Map<String, String> more) {
    var query = new LinkedHashMap<String, String>();
    query.put("response_type", "code");
    query.put("client_id", client.id());
    query.put("redirect_uri", client.redirect());
    query.put("scope", scopes);
    query.put("state", attempt.state());
    query.put("code_challenge", attempt.challenge());
    query.put("code_challenge_method", "S256");
    query.putAll(more);
    String page = authorization.toString();
    return URI.create(page + (page.indexOf('?') < 0 ? "?" : "&") + Remote.encoded(query));
  }

  /**
   * What the provider gives for {@code code}.
   *
   * @param secretInBody whether our secret stands in the form, not in a header
   */
  static Map<String, @Nullable Object> tokens(
      Remote remote,
      URI endpoint,
      Client client,
      boolean secretInBody,
      String code,
      Attempt attempt)
      throws IOException {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", client.redirect());
    form.put("code_verifier", attempt.verifier());
    var headers = new LinkedHashMap<String, String>();
    if (secretInBody) {
      form.put("client_id", client.id());
      form.put("client_secret", client.secret());
    } else {
      headers.put("Authorization", basic(client));
    }
    Remote.Reply reply = remote.post(endpoint, form, headers);
    Map<String, @Nullable Object> tokens = reply.object();
    if (!reply.isGood() || tokens.containsKey("error")) {
      throw new IOException(
          "it answered %d %s".formatted(reply.status(), shown(tokens.get("error"))));
    }
    return tokens;
  }

  /** RFC 6749, 2.3.1: both parts are encoded as in a form first. */
  private static String basic(Client client) {
    String both = Remote.encoded(client.id()) + ":" + Remote.encoded(client.secret());
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
  }

  /** A word of the provider's, if it is one; for our log. */
  private static String shown(@Nullable Object error) {
    return error instanceof String word && word.matches("[a-z_]{1,60}") ? word : "";
  }

  /** What somebody's profile says. */
  static Object told(Remote remote, URI endpoint, String accessToken) throws IOException {
    Remote.Reply reply = remote.get(endpoint, Map.of("Authorization", "Bearer " + accessToken));
    Object told = reply.isGood() ? reply.json() : null;
    if (told == null) {
      throw new IOException("it answered %d for the profile".formatted(reply.status()));
    }
    return told;
  }

  static @Nullable String text(Map<?, ?> object, String member) {
    return object.get(member) instanceof String text && !text.isBlank() ? text : null;
  }

  static String required(Map<?, ?> object, String member) throws IOException {
    String text = text(object, member);
    if (text == null) {
      throw new IOException("it says nothing of " + member);
    }
    return text;
  }

  static PylonException failed(String provider, Throwable cause) {
    return new PylonException(
        OAuthError.OAUTH_TOKEN_EXCHANGE_FAILED,
        "%s did not say who signed in; try again".formatted(provider),
        cause);
  }
}
