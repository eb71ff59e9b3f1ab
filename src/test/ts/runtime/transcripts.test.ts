import { expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { RuntimeProcess } from "../harness/process";
import { readTranscript, replay } from "../harness/transcript";

const DIRECTORY = join(import.meta.dir, "../../resources/transcripts");

/** A busy machine is no failure; what hangs says where after ten seconds of its own. */
setDefaultTimeout(20_000);

const names = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith(".ndjson"))
  .sort();

test.each(names)("%s", async (name) => {
  const transcript = readTranscript(join(DIRECTORY, name));
  const runtime = await RuntimeProcess.start(DIRECTORY, transcript.directory, { flags: transcript.flags });

  await replay(transcript, runtime);

  expect(await runtime.close()).toEqual({ exit: 0, stderr: "" });
});
