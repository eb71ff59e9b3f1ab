package dev.pylon;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the guards look at: the compiled main classes, and the tree of sources they came from. */
final class House {
  /** The top of the repository; tests run there. */
  static final Path ROOT = Path.of("").toAbsolutePath();

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.pylon");

  private static final String BASE = "dev.pylon.";

  static {
    if (CLASSES.size() < 100 || !Files.isRegularFile(ROOT.resolve("pom.xml"))) {
      throw new IllegalStateException("the guards do not see the house from " + ROOT);
    }
  }

  private House() {}

  /** The room a type stands in, such as {@code server}; empty outside the house. */
  static String room(JavaClass type) {
    String inner = innerRoom(type);
    int dot = inner.indexOf('.');
    return dot < 0 ? inner : inner.substring(0, dot);
  }

  /** The same with the inner room, such as {@code server.http}. */
  static String innerRoom(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(BASE) ? name.substring(BASE.length()) : "";
  }
}
