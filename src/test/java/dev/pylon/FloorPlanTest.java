package dev.pylon;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.pylon.House.room;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The house, top floor first: a room may use any floor below its own, and only the named stairs.
 */
class FloorPlanTest {
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("cli"),
          Set.of("boot"),
          Set.of("server"),
          Set.of("realtime", "jobs", "plugins"),
          Set.of("functions"),
          Set.of("ai", "auth", "policy", "streams", "trace", "files", "email", "cache"),
          Set.of("store"),
          Set.of("schema", "db", "process", "outbound"),
          Set.of("config", "json", "model"));

  /** Neighbours on one floor that may meet, written user then used. */
  private static final Set<String> STAIRS =
      Set.of("auth email", "auth cache", "config model", "json model");

  @Test
  void everyRoomHasAFloor() {
    Set<String> rooms =
        House.CLASSES.stream().map(House::room).collect(Collectors.toCollection(TreeSet::new));

    assertThat(rooms).isSubsetOf(FLOORS.stream().flatMap(Set::stream).toList());
  }

  @Test
  void everyDependencyGoesDownstairs() {
    var upstairs = new TreeSet<String>();
    for (JavaClass type : House.CLASSES) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String from = room(type);
        String to = room(dependency.getTargetClass());
        if (!to.isEmpty()
            && !from.equals(to)
            && floor(from) <= floor(to)
            && !STAIRS.contains(from + " " + to)) {
          upstairs.add(from + " -> " + to + ": " + dependency.getDescription());
        }
      }
    }

    assertThat(upstairs).isEmpty();
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.pylon.(**)").should().beFreeOfCycles().check(House.CLASSES);
  }

  /** Counted from the foundation, so that upstairs is more. */
  private static int floor(String room) {
    for (int i = 0; i < FLOORS.size(); i++) {
      if (FLOORS.get(i).contains(room)) {
        return FLOORS.size() - i;
      }
    }
    throw new IllegalArgumentException("no floor has the room " + room);
  }
}
