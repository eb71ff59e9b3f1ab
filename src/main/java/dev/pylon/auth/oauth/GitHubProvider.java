package dev.pylon.auth.oauth;

import dev.pylon.model.PylonException;
import dev.pylon.outbound.Remote;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** GitHub: people are known by the number of their account. Thread-safe. */
final class GitHubProvider implements Provider {
  private static final String NAME = "github";
  private static final String SCOPES = "read:user user:email";

  private final Client client;
  private final URI site;
  private final URI api;
  private final Remote remote;

  GitHubProvider(Client client, URI site, URI api, Remote remote) {
    this.client = client;
    this.site = site;
    this.api = api;
    this.remote = remote;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public URI signInPage(Attempt attempt) {
    return Exchange.page(
        site.resolve("/login/oauth/authorize"), client, client.scopesOr(SCOPES), attempt, Map.of());
  }

  @Override
  public Profile profile(String code, @Nullable String issuer, Attempt attempt) {
    try {
      String token =
          Exchange.required(
              Exchange.tokens(
                  remote, site.resolve("/login/oauth/access_token"), client, true, code, attempt),
              "access_token");
      if (!(Exchange.told(remote, api.resolve("/user"), token) instanceof Map<?, ?> user)
          || !(user.get("id") instanceof Number id)) {
        throw new IOException("it says nothing of id");
      }
      String name = Exchange.text(user, "name");
      return new Profile(
          String.valueOf(id.longValue()),
          email(Exchange.told(remote, api.resolve("/user/emails"), token)),
          name == null ? Exchange.text(user, "login") : name);
    } catch (IOException | PylonException e) {
      throw Exchange.failed(NAME, e);
    }
  }

  /** The address they have chosen, if they have proved it. The one they show need not be. */
  private static @Nullable String email(Object told) {
    for (Object address : told instanceof List<?> addresses ? addresses : List.of()) {
      if (address instanceof Map<?, ?> member
          && Boolean.TRUE.equals(member.get("primary"))
          && Boolean.TRUE.equals(member.get("verified"))) {
        return Exchange.text(member, "email");
      }
    }
    return null;
  }
}
