/** A real runtime behind real pipes. */
import { join } from "node:path";
import type { Frame } from "./memory";

const MAIN = join(import.meta.dir, "../../../main/ts/runtime/main.ts");

/** Far above what any answer takes; a test that reaches it prints what was there. */
const PATIENCE_MS = 10_000;

/**
 * Bun gives a child sockets; a host gives it pipes, and the runtime treats them differently. So the
 * shell makes the pipes: two for the frames, one for the error stream, which also tells the exit code.
 */
const PIPED = '{ cat | { "$@"; echo "exit $?" >&2; } 2>&3 | cat; } 3>&1 >&4 | cat >&2';

export interface RuntimeOptions {
  flags?: string[];
  /** Sockets instead of pipes. */
  sockets?: boolean;
}

export class RuntimeProcess {
  readonly frames: Frame[] = [];
  readonly #child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #reading: Promise<void>;
  readonly #stderr: Promise<string>;
  #arrived: () => void = () => {};

  private constructor(cwd: string, directory: string, { flags = [], sockets = false }: RuntimeOptions) {
    const command = [process.execPath, "run", "--no-install", MAIN, directory, ...flags];
    this.#child = Bun.spawn(sockets ? command : ["sh", "-c", `exec 4>&1; ${PIPED}`, "sh", ...command], {
      cwd,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.#stderr = new Response(this.#child.stderr).text();
    this.#reading = this.#read();
  }

  /** Starts a runtime and waits for its first frame. */
  static async start(
    cwd: string,
    directory = "functions",
    options: RuntimeOptions = {},
  ): Promise<RuntimeProcess> {
    const runtime = new RuntimeProcess(cwd, directory, options);
    await runtime.until((frames) => frames.length > 0);
    return runtime;
  }

  /** Sends a frame, or a line as it is. */
  send(frame: Frame | string): void {
    this.write(`${typeof frame === "string" ? frame : JSON.stringify(frame)}\n`);
  }

  write(text: string | Uint8Array): void {
    this.#child.stdin.write(text);
    void this.#child.stdin.flush();
  }

  /** Waits for frames, all that came so far. */
  async until(isEnough: (frames: Frame[]) => boolean): Promise<Frame[]> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const frames = this.frames.map((frame) => JSON.stringify(frame).slice(0, 500)).join("\n");
      late.reject(new Error(`Still waiting. Frames so far:\n${frames}`));
    }, PATIENCE_MS);
    try {
      while (!isEnough(this.frames)) {
        const arrival = new Promise<void>((resolve) => {
          this.#arrived = resolve;
        });
        await Promise.race([arrival, late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
    return this.frames;
  }

  /** Waits for the frame a call ends with. */
  async endOf(callId: string): Promise<Frame> {
    const ends = (frame: Frame) =>
      frame["call_id"] === callId && (frame["type"] === "return" || frame["type"] === "error");
    return (await this.until((frames) => frames.some(ends))).find(ends) as Frame;
  }

  /** Closes its standard input and waits for it to be gone. */
  async close(): Promise<{ exit: number; stderr: string }> {
    await this.#child.stdin.end();
    const [code, stderr] = await Promise.all([this.#child.exited, this.#stderr, this.#reading]);
    const told = /exit (\d+)\n$/.exec(stderr);
    return { exit: told ? Number(told[1]) : code, stderr: stderr.replace(/exit \d+\n$/, "") };
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let rest: string[] = [];
    for await (const chunk of this.#child.stdout) {
      const [head = "", ...tail] = decoder.decode(chunk, { stream: true }).split("\n");
      rest.push(head);
      for (const next of tail) {
        this.frames.push(JSON.parse(rest.join("")) as Frame);
        rest = [next];
      }
      this.#arrived();
    }
  }
}
