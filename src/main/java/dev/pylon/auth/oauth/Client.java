package dev.pylon.auth.oauth;

import java.util.List;

/**
 * What we are to a provider.
 *
 * @param redirect where it sends people back to, as it is registered there
 * @param scopes what we ask for; empty for what a sign-in needs
 */
public record Client(String id, String secret, String redirect, List<String> scopes) {
  public Client {
    scopes = List.copyOf(scopes);
  }

  /** The scopes, or {@code usual} where none are chosen. */
  String scopesOr(String usual) {
    return scopes.isEmpty() ? usual : String.join(" ", scopes);
  }

  /** Never shows the secret. */
  @Override
  public String toString() {
    return "Client[id=%s, redirect=%s]".formatted(id, redirect);
  }
}
