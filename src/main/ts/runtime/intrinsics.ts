/**
 * What the language gives, taken before any user code runs.
 *
 * A project may replace what is global: `JSON.stringify` by one that knows its own values, `Promise` by
 * another, a method by a wrapper that counts. That is the project's; the way of a call from the host and
 * back must not depend on it. So whatever runs for a call beside its own code takes these, and a
 * prototype's method with `.call`, which the engine sees through.
 */
export const { parse, stringify } = JSON;

export const { entries, hasOwn } = Object;

/** The engine's own: what `async` functions return, whatever the name stands for by now. */
export const NativePromise = Promise;

export const { resolve, reject } = Promise;

export const { then } = Promise.prototype;

export const { join } = Array.prototype;

export const { indexOf, slice } = String.prototype;

/** Of typed arrays. */
export const { includes } = Uint8Array.prototype;

export const { decode } = TextDecoder.prototype;

export const { queueMicrotask, setImmediate } = globalThis;

/** Gives `own` the methods of what it extends: then nobody finds them replaced there. */
function keepMethods(own: object, extended: object): void {
  for (const [name, descriptor] of entries(Object.getOwnPropertyDescriptors(extended))) {
    if (name !== "constructor") {
      Object.defineProperty(own, name, descriptor);
    }
  }
}

/** Collections whose methods are their own. Iterating takes `forEach`: iterators are the engine's. */
export class OwnMap<K, V> extends Map<K, V> {
  static {
    keepMethods(this.prototype, Map.prototype);
  }
}

export class OwnWeakMap<K extends WeakKey, V> extends WeakMap<K, V> {
  static {
    keepMethods(this.prototype, WeakMap.prototype);
  }
}

export class OwnSet<T> extends Set<T> {
  static {
    keepMethods(this.prototype, Set.prototype);
  }
}
