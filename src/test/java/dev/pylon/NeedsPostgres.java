package dev.pylon;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that uses a {@link PostgresServer}. Where none can be started, such as on a machine there
 * are no binaries for, it is skipped, and fails in CI.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(NeedsPostgres.Condition.class)
public @interface NeedsPostgres {

  /** Whether there is one. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        PostgresServer.shared();
        return ConditionEvaluationResult.enabled("Postgres is here");
      } catch (LinkageError | RuntimeException e) {
        if ("true".equals(System.getenv("CI"))) {
          throw new IllegalStateException("CI needs Postgres", e);
        }
        return ConditionEvaluationResult.disabled("Postgres did not start: " + e);
      }
    }
  }
}
