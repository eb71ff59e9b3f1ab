/**
 * Tests of the command line: in this process against canned answers, and of the packaged launcher.
 */
@NullMarked
package dev.pylon.cli;

import org.jspecify.annotations.NullMarked;
