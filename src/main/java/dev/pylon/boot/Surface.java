package dev.pylon.boot;

import dev.pylon.auth.Accounts;
import dev.pylon.auth.Auth;
import dev.pylon.config.Config;
import dev.pylon.config.HttpConfig;
import dev.pylon.config.IdentityConfig;
import dev.pylon.functions.Functions;
import dev.pylon.jobs.JobDesk;
import dev.pylon.jobs.JobQueue;
import dev.pylon.server.Router;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.SessionCookie;
import dev.pylon.server.routes.AccountDoor;
import dev.pylon.server.routes.AccountRoutes;
import dev.pylon.server.routes.AiRoutes;
import dev.pylon.server.routes.Callers;
import dev.pylon.server.routes.DataDoor;
import dev.pylon.server.routes.DataRoutes;
import dev.pylon.server.routes.FunctionRoutes;
import dev.pylon.server.routes.HealthRoutes;
import dev.pylon.server.routes.JobRoutes;
import dev.pylon.server.routes.TestRoutes;
import dev.pylon.server.routes.TraceRoutes;
import dev.pylon.store.Store;
import dev.pylon.trace.Traces;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that can be asked of a server, over rooms of which some open later than its port. */
final class Surface {
  private final Config config;
  private final Pylon.Start start;
  private final Parts parts;

  /**
   * What is asked.
   *
   * @param store null until there is a manifest; so are the jobs
   * @param functions empty until there are some that can be called
   * @param instance names this start
   * @param revision how often what is served has changed
   */
  record Parts(
      Accounts accounts,
      Traces traces,
      Monitoring monitoring,
      Supplier<@Nullable Store> store,
      Supplier<Optional<Functions>> functions,
      Supplier<@Nullable JobQueue> jobs,
      String instance,
      IntSupplier revision,
      InstantSource clock) {}

  Surface(Config config, Pylon.Start start, Parts parts) {
    this.config = config;
    this.start = start;
    this.parts = parts;
  }

  void addTo(Router router) {
    HttpConfig http = config.http();
    var callers =
        new Callers(new Auth(http.adminToken(), start.localToken(), parts.accounts()), cookie());
    new HealthRoutes(
            start.version(),
            parts.instance(),
            parts.clock(),
            router::isOpen,
            () -> parts.revision().getAsInt())
        .addTo(router);
    new FunctionRoutes(parts.functions(), parts.traces(), callers, clients(), http.devMode())
        .addTo(router);
    new TraceRoutes(parts.traces(), callers, parts.instance()).addTo(router);
    new AiRoutes(callers, Models.of(config.ai())).addTo(router);
    new JobRoutes(
            () -> Optional.ofNullable(parts.jobs().get()).map(JobDesk::new),
            this::functionNames,
            callers)
        .addTo(router);
    addRows(router, callers);
    parts.monitoring().addTo(router, router::isOpen, callers, http, parts.clock());
  }

  /** Rows, and the people who are rows as well. */
  private void addRows(Router router, Callers callers) {
    HttpConfig http = config.http();
    Accounts accounts = parts.accounts();
    var door =
        new DataDoor(
            () -> Optional.ofNullable(parts.store().get()),
            callers,
            config.identity().tenantScope());
    DataRoutes.add(
        router,
        door,
        callers,
        parts.functions(),
        new DataRoutes.Settings(
            config.db().rowsMax(),
            clients(),
            http.devMode(),
            reset(),
            user -> accounts.ending().forget(user, null).sessions()),
        parts.clock());
    AccountRoutes.add(
        router,
        new AccountDoor(
            accounts,
            callers,
            new AccountDoor.Settings(
                clients(),
                http.devMode(),
                http.allowInsecureDev(),
                config.identity().dashboardUrl())),
        door);
  }

  private ClientAddress clients() {
    return new ClientAddress(config.http().trustProxyHops());
  }

  /** Its name follows the application's, which is known with the manifest. */
  private SessionCookie cookie() {
    IdentityConfig identity = config.identity();
    String chosen = identity.cookieName();
    return new SessionCookie(
        chosen == null ? this::cookieName : () -> chosen,
        identity.cookieDomain(),
        identity.cookieSecure(),
        identity.sameSite());
  }

  private String cookieName() {
    Store rows = parts.store().get();
    return SessionCookie.nameFor(rows == null ? "" : rows.manifest().name());
  }

  private TestRoutes.Reset reset() {
    if (!config.http().devMode() || !(config.db().inMemory() || start.throwaway())) {
      return TestRoutes.Reset.NOBODY;
    }
    return config.http().allowInsecureDev()
        ? TestRoutes.Reset.ANYBODY
        : TestRoutes.Reset.LOCAL_CALLERS;
  }

  private List<String> functionNames() {
    return parts
        .functions()
        .get()
        .map(served -> List.copyOf(served.registry().functions().keySet()))
        .orElse(List.of());
  }
}
