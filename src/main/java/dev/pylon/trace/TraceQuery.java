package dev.pylon.trace;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which traces are wanted; null members do not restrict.
 *
 * @param fn a function's name, {@code *} matching any run of characters
 * @param errors only calls that failed
 * @param slowMillis only calls that ran at least so long
 * @param sinceMillis only calls started at or after, milliseconds since 1970
 * @param untilMillis only calls started before
 * @param idPrefix only calls whose id begins so
 */
public record TraceQuery(
    @Nullable String fn,
    boolean errors,
    @Nullable Double slowMillis,
    @Nullable Long sinceMillis,
    @Nullable Long untilMillis,
    @Nullable String user,
    @Nullable String tenant,
    @Nullable String idPrefix)
    implements Predicate<Trace> {

  public static final TraceQuery ALL =
      new TraceQuery(null, false, null, null, null, null, null, null);

  @Override
  public boolean test(Trace trace) {
    return (fn == null || globMatches(fn, trace.fnName()))
        && (!errors || trace.failed())
        && (slowMillis == null || trace.durationMillis() >= slowMillis)
        && (sinceMillis == null || trace.startedAtMillis() >= sinceMillis)
        && (untilMillis == null || trace.startedAtMillis() < untilMillis)
        && (user == null || user.equals(trace.userId()))
        && (tenant == null || tenant.equals(trace.tenantId()))
        && (idPrefix == null || trace.callId().startsWith(idPrefix));
  }

  /**
   * {@code *} in {@code glob} stands for any run of characters; linear in both lengths but for
   * stars.
   */
  static boolean globMatches(String glob, String name) {
    int star = -1;
    int resume = 0;
    int g = 0;
    int n = 0;
    while (n < name.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        star = g++;
        resume = n;
      } else if (g < glob.length() && glob.charAt(g) == name.charAt(n)) {
        g++;
        n++;
      } else if (star >= 0) {
        g = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }
}
