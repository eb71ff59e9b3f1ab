package dev.pylon.server.http;

import dev.pylon.model.PylonException;
import dev.pylon.model.SlidingLog;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What every request passes before anybody looks at what it wants, or reads its body: the limit of
 * its address, then whether the page it comes from may write here (functions contract, 9.1).
 * Thread-safe; never blocks.
 *
 * @param limit requests of one address
 * @param writers origins whose pages may write; {@code *} among them means any
 */
public record Gate(SlidingLog limit, ClientAddress clients, List<String> writers) {
  private static final Set<String> UNLIMITED = Set.of("/health", "/ready", "/readyz", "/metrics");
  private static final String SIGN_IN_FORMS = "/api/auth/callback/";
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  public Gate {
    writers = List.copyOf(writers);
  }

  /** Whether nobody is ever kept from asking this: it tells operators how we are. */
  public static boolean isUnlimited(Request head) {
    return UNLIMITED.contains(head.path());
  }

  /** Why a request is turned away, judged by its head alone; empty where it may pass. */
  public Optional<PylonException> refusal(Request head) {
    long wait = waitSeconds(head);
    if (wait > 0) {
      return Optional.of(
          new PylonException(
                  HttpError.RATE_LIMITED,
                  "Too many requests. Retry after %d seconds.".formatted(wait))
              .with("retry_after_secs", wait));
    }
    return READING.contains(head.method()) || head.bearer() != null || isSignInForm(head)
        ? Optional.empty()
        : strangersPage(head);
  }

  /** Other providers have a browser bring a form, which is proved by what the browser keeps. */
  private static boolean isSignInForm(Request head) {
    return head.path().startsWith(SIGN_IN_FORMS)
        && head.header("Content-Type")
            .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
            .isPresent();
  }

  private long waitSeconds(Request head) {
    return head.method().equals("OPTIONS") || isUnlimited(head)
        ? 0
        : limit.tryAccept(clients.of(head), System.nanoTime());
  }

  /**
   * Servers send no origin, and are let in: what a page of somebody else could misuse is the cookie
   * of its visitor, and a browser that sends one along says where from.
   */
  private Optional<PylonException> strangersPage(Request head) {
    Optional<String> origin = head.header("Origin").or(() -> head.header("Referer"));
    if (origin.isEmpty()) {
      return head.header("Cookie").isPresent()
              && head.header("Sec-Fetch-Site").filter("cross-site"::equals).isPresent()
          ? Optional.of(refused("cross-site"))
          : Optional.empty();
    }
    String page = originOf(origin.get());
    return mayWrite(page) || isOurs(page, head) ? Optional.empty() : Optional.of(refused(page));
  }

  private boolean mayWrite(String page) {
    return writers.stream().anyMatch(writer -> writer.equals("*") || writer.equalsIgnoreCase(page));
  }

  private static boolean isOurs(String page, Request head) {
    String authority = page.substring(page.indexOf("://") < 0 ? 0 : page.indexOf("://") + 3);
    return head.header("Host").filter(authority::equalsIgnoreCase).isPresent();
  }

  /** Scheme and authority of an address; the text itself where it is none, such as {@code null}. */
  private static String originOf(String address) {
    int authority = address.indexOf("://");
    int path = authority < 0 ? -1 : address.indexOf('/', authority + 3);
    return path < 0 ? address : address.substring(0, path);
  }

  private static PylonException refused(String origin) {
    return new PylonException(HttpError.CSRF_REJECTED, "Origin '%s' not allowed".formatted(origin));
  }
}
