package dev.pylon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Where a library, a clock or a terminal may be touched, and what nobody in the house does. */
class HouseRulesTest {

  // ---- a library ends at its room ----

  @Test
  void jdbcIsSpokenInDb() {
    onlyIn("db", "java.sql..", "javax.sql..", "org.sqlite..");
  }

  @Test
  void openTelemetryEndsAtItsExport() {
    onlyIn("trace.otlp", "io.opentelemetry..");
  }

  @Test
  void theCacheEndsAtAuth() {
    onlyIn("auth", "com.github.benmanes..");
  }

  @Test
  void micrometerEndsAtItsRoom() {
    onlyIn("server.metrics", "io.micrometer..", "io.prometheus..");
  }

  @Test
  void cryptographyEndsAtPasswords() {
    onlyIn("auth.passwords", "org.bouncycastle..");
  }

  @Test
  void theMailLibraryEndsAtItsRoom() {
    onlyIn("email.smtp", "jakarta..", "org.eclipse.angus..");
  }

  @Test
  void othersAreAskedOverHttpInOneRoom() {
    onlyIn("outbound", "java.net.http..");
  }

  @Test
  void tokensEndAtTheirRoom() {
    onlyIn("auth.jwt", "com.nimbusds..");
  }

  @Test
  void undertowEndsAtServer() {
    onlyIn("server", "io.undertow..", "org.xnio..");
  }

  @Test
  void picocliEndsAtTheCommandLine() {
    onlyIn("cli", "picocli..");
  }

  @Test
  void jlineEndsAtTheConsole() {
    onlyIn("cli.console", "org.jline..");
  }

  @Test
  void theJsonLibraryEndsAtJsonAndTheCodecs() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pylon.json..", "dev.pylon.functions.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..")
        .because("a library ends at its room")
        .check(House.CLASSES);
  }

  private static void onlyIn(String room, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pylon." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .because("a library ends at its room")
        .check(House.CLASSES);
  }

  // ---- front doors ----

  /** Inner rooms that are entered by a few rooms and by boot. */
  private static final Map<String, Set<String>> CLOSED =
      Map.of(
          "db.sqlite", Set.of("db"),
          "db.postgres", Set.of("db"),
          // A read rule becomes part of the question: there is one tree of conditions.
          "store.query", Set.of("store", "policy"),
          "store.search", Set.of("store"),
          "functions.runtime", Set.of("functions"),
          "functions.protocol", Set.of("functions"));

  @Test
  void closedInnerRoomsAreEnteredByTheirRoomAndBoot() {
    var broken = new TreeSet<String>();
    for (JavaClass type : House.CLASSES) {
      String from = House.room(type);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        Set<String> rooms = CLOSED.get(House.innerRoom(dependency.getTargetClass()));
        if (rooms != null && !rooms.contains(from) && !from.equals("boot")) {
          broken.add(dependency.getDescription());
        }
      }
    }

    assertThat(broken).as("one enters a room by its front door").isEmpty();
  }

  // ---- one of each ----

  @Test
  void settingsAreReadInConfig() {
    onlyIn(
        Set.of("config"),
        access -> isOf(access, "java.lang.System", "getenv|getProperty|getProperties"),
        "a setting has one meaning");
  }

  @Test
  void theClockIsReadInBoot() {
    onlyIn(
        Set.of("boot"),
        access ->
            isOf(access, "java\\.time\\.\\w+", "now|tick\\w*")
                || isOf(access, "java.lang.System", "currentTimeMillis"),
        "time is an argument");
  }

  /** A short command is not assembled by boot: {@code cli} hands itself the real clock. */
  @Test
  void theRealClockIsHandedOutByBootAndTheCommandLine() {
    onlyIn(
        Set.of("boot", "cli"),
        access -> isOf(access, "java\\.time\\.(InstantSource|Clock)", "system\\w*"),
        "time is an argument");
  }

  @Test
  void theTerminalHasOneSpeaker() {
    onlyIn(
        Set.of("cli"),
        access -> isOf(access, "java.lang.System", "out|err|in|console"),
        "the terminal has one speaker");
  }

  // ---- threads and context ----

  @Test
  void contextEndsWithItsWork() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .because("context ends with its work: use a ScopedValue or a parameter")
        .check(House.CLASSES);
  }

  /**
   * The threads of an executor belong to its owner. SQLite's statements have threads of their own
   * in {@code db.sqlite}, because its native code would pin virtual ones.
   */
  @Test
  void threadsAreStartedInBootAndProcess() {
    onlyIn(
        Set.of("boot", "process", "db.sqlite"),
        access ->
            isOf(access, "java.lang.Thread", "<init>|start|startVirtualThread")
                || isOf(access, "java.lang.Thread\\$Builder.*", "start"),
        "a thread has an owner who ends it");
  }

  // ---- what is thrown, what is named ----

  @Test
  void whatIsThrownSaysWhatWentWrong() {
    onlyIn(
        Set.of(),
        access ->
            isOf(access, "java.lang.(RuntimeException|Exception|Error|Throwable)", "<init>")
                && !access.getOriginOwner().isAssignableTo(Throwable.class),
        "a thrown type says what went wrong");
  }

  @Test
  void aNameSaysWhatAThingDoes() {
    Pattern empty = Pattern.compile(".*(Impl|Utils?|Helper|Manager)");

    assertThat(House.CLASSES.stream().map(JavaClass::getSimpleName))
        .noneMatch(name -> empty.matcher(name).matches());
  }

  /** Calls, method references and fields alike: {@code Instant::now} reads the clock too. */
  private static void onlyIn(
      Set<String> rooms, Predicate<JavaAccess<?>> forbidden, String because) {
    var broken = new TreeSet<String>();
    for (JavaClass type : House.CLASSES) {
      if (rooms.contains(House.room(type)) || rooms.contains(House.innerRoom(type))) {
        continue;
      }
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        if (forbidden.test(access)) {
          broken.add(access.getDescription());
        }
      }
    }

    assertThat(broken).as(because).isEmpty();
  }

  private static boolean isOf(JavaAccess<?> access, String type, String member) {
    return access.getTargetOwner().getName().matches(type) && access.getName().matches(member);
  }
}
