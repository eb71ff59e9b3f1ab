package dev.pylon.server.routes;

import dev.pylon.model.PylonException;
import dev.pylon.server.Router;
import dev.pylon.server.http.HttpError;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.util.List;

/**
 * What the contract names and does not describe: it is there, and says that it does nothing, so
 * that nobody takes a missing way to sign in for a mistyped one.
 */
final class UnbuiltRoutes {
  private static final List<String> PATHS =
      List.of(
          "/api/auth/oauth/{step...}",
          "/api/auth/orgs/{id}/sso",
          "/api/auth/orgs/{id}/sso/{step}",
          "/api/auth/orgs/{id}/saml",
          "/api/auth/orgs/{id}/saml/{step}",
          "/api/auth/sso/discover",
          "/api/auth/phone/{step}",
          "/api/auth/siwe/{step}",
          "/api/auth/passkey/{step...}",
          "/api/billing/{step}",
          "/scim/v2/{path...}",
          "/.well-known/openid-configuration");

  private UnbuiltRoutes() {}

  static void addTo(Router router) {
    PATHS.forEach(path -> router.on(Router.ANY_METHOD, path, UnbuiltRoutes::refuse));
  }

  private static Response refuse(Request request, List<String> path) {
    throw new PylonException(
        HttpError.NOT_IMPLEMENTED, request.path() + " is not part of this version");
  }
}
