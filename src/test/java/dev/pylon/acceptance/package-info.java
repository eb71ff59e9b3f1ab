/**
 * Whole servers in this process, held to the acceptance points of the functions contract (section
 * 20) and to what hostile handlers try. {@code Server} starts one, with the built-in runtime or
 * with a stand-in for the reference one.
 *
 * <pre>
 *  1      HandshakeTest
 *  2–9    RunnerContract (3 also TranscriptsTest, 9 also FrameReaderTest)
 * 10      HandshakeTest, HostileHandlersTest, ForeignRuntimeTest, LineSplitterTest
 * 11      RunnerContract; 12 FunctionsTest
 * 13–17   RunnerContract
 * 18–19   RuntimePoolTest, LateRuntimeTest, ReloadedRuntimeTest, KilledRuntimeTest,
 *         StuckRuntimeTest, ForeignRuntimeTest
 * 20      RunnerContract, JobsAcrossRestartsTest, JobQueueTest
 * 21–22   FunctionSurfaceTest, RunnerContract
 * 23–24   StreamedCallsTest, LeavingReadersTest
 * 25–29   FunctionSurfaceTest, TraceSurfaceTest, as far as there are identities to tell apart
 * </pre>
 */
@NullMarked
package dev.pylon.acceptance;

import org.jspecify.annotations.NullMarked;
