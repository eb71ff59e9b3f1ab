/**
 * The rows of a project, carried in and out: seeds, backups and their return.
 *
 * <p>One class per verb. Keeps the command line contract, 8.
 */
@NullMarked
package dev.pylon.cli.data;

import org.jspecify.annotations.NullMarked;
