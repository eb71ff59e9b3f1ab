package dev.pylon.server.routes;

import dev.pylon.server.Router;

/** The auth area: sessions and the ways to sign in (auth contract, A.3). */
public final class AccountRoutes {
  private AccountRoutes() {}

  /** Adds every endpoint of the area. */
  public static void add(Router router, AccountDoor door, DataDoor data) {
    var proofs = new ProofRoutes(door);
    proofs.addTo(router);
    new SessionRoutes(door, data, proofs).addTo(router);
    new PasswordRoutes(door).addTo(router);
    new KeyRoutes(door).addTo(router);
    new SecondFactorRoutes(door).addTo(router);
    new DeviceRoutes(door).addTo(router);
    new MagicLinkRoutes(door).addTo(router);
    new OwnAccountRoutes(door).addTo(router);
    new OrgRoutes(door).addTo(router);
    new InviteRoutes(door).addTo(router);
    new AdminAuthRoutes(door).addTo(router);
    new OAuthRoutes(door).addTo(router);
    new JwtRoutes(door).addTo(router);
    new AuditRoutes(door).addTo(router);
    UnbuiltRoutes.addTo(router);
  }
}
