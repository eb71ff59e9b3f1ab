package dev.pylon.schema;

import java.util.List;

/**
 * What has to happen so that a database fits a manifest.
 *
 * @param operations in the order they are to be done; empty where everything fits
 * @param findings errors are what forbids the plan, warnings what its reader should know
 */
public record SchemaPlan(List<SchemaOperation> operations, List<Diagnostic> findings) {
  public SchemaPlan {
    operations = List.copyOf(operations);
    findings = List.copyOf(findings);
  }

  public boolean isEmpty() {
    return operations.isEmpty();
  }

  /** Whether something in it would lose or break data. */
  public boolean isBlocked() {
    return findings.stream().anyMatch(Diagnostic::isError);
  }
}
