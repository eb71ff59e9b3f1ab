/**
 * Typed clients, written from a manifest and the functions beside it.
 *
 * <p>Enter by {@link dev.pylon.cli.codegen.TypeScriptClient}. Pure text in, text out: equal input
 * gives equal bytes. The exported names are a contract with front ends (command line contract,
 * 6.1).
 */
@NullMarked
package dev.pylon.cli.codegen;

import org.jspecify.annotations.NullMarked;
