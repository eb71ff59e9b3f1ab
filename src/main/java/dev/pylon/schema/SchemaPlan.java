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

  /** The steps by which rows or values are lost. */
  public List<SchemaOperation> destructive() {
    return operations.stream().filter(SchemaOperation::isDestructive).toList();
  }

  /** Whether something in it would break, or what is stored does not allow it. */
  public boolean isBlocked() {
    return findings.stream().anyMatch(Diagnostic::isError);
  }
}
