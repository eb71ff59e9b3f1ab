/**
 * The two pipes to the host: lines in, lines out, in order.
 *
 * Everything written in one turn of the event loop leaves in one write, and nothing overtakes a write
 * that has not finished: frames larger than the pipe arrive whole. Only this file touches Bun's streams.
 */
import { closeSync, openSync } from "node:fs";
import { decode, includes, indexOf, NativePromise, queueMicrotask, setImmediate, slice, then } from "./intrinsics";

/** Above this, writers who care to wait are asked to. Some hundred ordinary frames, or one long one. */
const BACKLOG_CALM_CHARS = 32 * 1024;

/** What a host that does not read may cost us. Far above the longest answer a call can give. */
const BACKLOG_MAX_CHARS = 256 * 1024 * 1024;

/** Bytes collected by the sink before it writes unasked; we flush long before. */
const SINK_BYTES = 1024 * 1024;

const NEWLINE = 10;

interface Pipes {
  input: number;
  output: number;
}

/**
 * Takes the pipes away from descriptors 0 and 1, so that nobody else can reach them: a library in C or
 * a child process that writes to standard output writes to our standard error instead. Opening takes the
 * lowest free descriptor, which is the one just closed. Where the system has no `/dev/fd`, or the ends
 * are sockets, they stay where they are, and the fence guards what it can.
 */
function seclude(): Pipes {
  const opened: number[] = [];
  const open = (path: string, flags: string): number => {
    const descriptor = openSync(path, flags);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const pipes = { input: open("/dev/fd/0", "r"), output: open("/dev/fd/1", "w") };
    // Tried before anything is closed: past that point nothing may fail.
    closeSync(openSync("/dev/fd/2", "a"));
    closeSync(0);
    openSync("/dev/null", "r");
    closeSync(1);
    openSync("/dev/fd/2", "a");
    return pipes;
  } catch {
    opened.forEach(closeSync);
    return { input: 0, output: 1 };
  }
}

export class Channel {
  readonly #input: number;
  readonly #sink: Bun.FileSink;
  #backlog = "";
  readonly #broken = Promise.withResolvers<never>();
  #flushing: Promise<unknown> | null = null;
  #flushDue = false;
  #calm: Promise<void> | null = null;

  private constructor(pipes: Pipes) {
    this.#input = pipes.input;
    this.#sink = Bun.file(pipes.output).writer({ highWaterMark: SINK_BYTES });
  }

  /** Takes over standard input and output. Once per process, before any user code runs. */
  static open(): Channel {
    return new Channel(seclude());
  }

  /** Sends one line before the next that is written, which may be long after: nobody waits for it. */
  append(line: string): void {
    this.#backlog += line;
    this.#backlog += "\n";
  }

  /** Sends one line with all others of this turn. */
  write(line: string): void {
    this.append(line);
    if (!this.#flushDue && this.#flushing === null) {
      this.#flushDue = true;
      queueMicrotask(this.#flush);
    }
  }

  /** True while the host is too far behind to be sent more. */
  isFull(): boolean {
    return this.#backlog.length > BACKLOG_MAX_CHARS;
  }

  /**
   * Waits for the next turn of the event loop, and for the host where it is behind. Who writes in a loop
   * would otherwise keep everybody else from theirs: a resolved promise comes before any event. All who
   * wait at a time wait for the same promise.
   */
  calm(): Promise<void> {
    this.#calm ??= this.#calmed();
    return this.#calm;
  }

  async #calmed(): Promise<void> {
    await new NativePromise((resolve) => setImmediate(resolve));
    while (this.#backlog.length > BACKLOG_CALM_CHARS) {
      await this.#flushing;
    }
    this.#calm = null;
  }

  readonly #flush = (): void => {
    this.#flushDue = false;
    if (this.#backlog === "") {
      return;
    }
    const text = this.#backlog;
    this.#backlog = "";
    try {
      this.#sink.write(text);
      const pending = this.#sink.flush();
      if (pending instanceof NativePromise) {
        this.#flushing = then.call(pending, this.#flushed, this.#broken.reject);
      }
    } catch (broken) {
      this.#broken.reject(broken);
    }
  };

  readonly #flushed = (): void => {
    this.#flushing = null;
    this.#flush();
  };

  /**
   * Hands every line of the host to `take`, and returns when the host has closed its end.
   *
   * @throws whatever kept us from reading or writing: the host cannot be reached any more
   */
  read(take: (line: string) => void): Promise<void> {
    return Promise.race([this.#readAll(take), this.#broken.promise]);
  }

  async #readAll(take: (line: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of Bun.file(this.#input).stream()) {
      const text = decode.call(decoder, chunk, { stream: true });
      let start = 0;
      // A long frame comes in many chunks: searching each alone keeps that linear.
      if (includes.call(chunk, NEWLINE)) {
        for (let end = indexOf.call(text, "\n"); end >= 0; end = indexOf.call(text, "\n", start)) {
          take(rest + slice.call(text, start, end));
          rest = "";
          start = end + 1;
        }
      }
      rest += start === 0 ? text : slice.call(text, start);
    }
    take(rest);
  }
}
