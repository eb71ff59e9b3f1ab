/** Micro-benchmarks: what one frame, one value costs. Run with {@code src/bench/micro.sh}. */
@NullMarked
package dev.pylon.bench;

import org.jspecify.annotations.NullMarked;
