package dev.pylon.server;

import org.xnio.Xnio;

/**
 * XNIO without its management beans. It has no setting for that: it registers itself, its I/O
 * threads and its listeners with the platform's MBean server whether anybody looks or not, and to
 * create that server takes a quarter of the time in which a server boots, and six megabytes for as
 * long as it runs.
 *
 * <p>Where XNIO does not get the MBean server when it is loaded, it does without from then on. So
 * it is loaded while none can be created. Whoever attaches later gets one with everything the JVM
 * tells about itself; where management was asked for at the start, it is there already and XNIO's
 * beans are in it.
 */
final class BeanlessXnio {
  /** Names the class that creates MBean servers ({@code javax.management.MBeanServerFactory}). */
  private static final String BUILDER = "javax.management.builder.initial";

  private static final String NO_BUILDER = "dev.pylon.server.NoMBeanServer";

  /** Of the library that XNIO takes its pools of threads from, which has a setting. */
  private static final String POOLS_DO_WITHOUT = "jboss.threads.eqe.disable-mbean";

  private static final Xnio INSTANCE = load();

  private BeanlessXnio() {}

  static Xnio instance() {
    return INSTANCE;
  }

  private static Xnio load() {
    System.setProperty(POOLS_DO_WITHOUT, "true");
    String before = System.setProperty(BUILDER, NO_BUILDER);
    try {
      return Xnio.getInstance();
    } finally {
      if (before == null) {
        System.clearProperty(BUILDER);
      } else {
        System.setProperty(BUILDER, before);
      }
    }
  }
}
