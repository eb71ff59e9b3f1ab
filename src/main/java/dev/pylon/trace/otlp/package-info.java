/**
 * Traces for a collector that speaks OpenTelemetry: one span a call, one for each of its
 * operations.
 *
 * <p>Enter by {@link dev.pylon.trace.otlp.OtlpExport}. The only user of the OpenTelemetry SDK,
 * which is loaded only where an operator names a collector.
 */
@NullMarked
package dev.pylon.trace.otlp;

import org.jspecify.annotations.NullMarked;
