/**
 * Manifests and the databases that should fit them: check, compare, push, look, migrate.
 *
 * <p>Enter by {@link dev.pylon.cli.schema.SchemaCommand} and {@link
 * dev.pylon.cli.schema.MigrateCommand}. Opens databases by boot and never by itself. Keeps the
 * command line contract, 7.
 */
@NullMarked
package dev.pylon.cli.schema;

import org.jspecify.annotations.NullMarked;
