package dev.pylon;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that starts the real Bun. Without one it is skipped here, and fails in CI. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsBun.Condition.class)
public @interface NeedsBun {

  /** Whether there is one. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (Files.isExecutable(Bun.path())) {
        return ConditionEvaluationResult.enabled("Bun is here");
      }
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException("CI needs Bun at " + Bun.path());
      }
      return ConditionEvaluationResult.disabled(
          "no Bun at " + Bun.path() + "; mvn verify installs it");
    }
  }

  /** Where it is. */
  final class Bun {
    private Bun() {}

    /** The Bun that the build installed, or the one that {@code PYLON_BUN} names. */
    public static Path path() {
      String named = System.getenv("PYLON_BUN");
      return named != null
          ? Path.of(named)
          : Path.of("target/node/node_modules/bun/bin/bun.exe").toAbsolutePath();
    }
  }
}
