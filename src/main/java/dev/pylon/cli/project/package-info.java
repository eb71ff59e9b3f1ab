/**
 * A project as it lies in its folder: its settings, its health, its tests, its explanation.
 *
 * <p>One class per verb; {@link dev.pylon.cli.project.ServerOptions} is what all verbs share that
 * build or serve a project. Keeps the command line contract, 8.
 */
@NullMarked
package dev.pylon.cli.project;

import org.jspecify.annotations.NullMarked;
