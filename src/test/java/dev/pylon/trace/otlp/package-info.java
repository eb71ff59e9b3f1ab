@NullMarked
package dev.pylon.trace.otlp;

import org.jspecify.annotations.NullMarked;
