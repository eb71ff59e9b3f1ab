/** `query`, `mutation` and `action`: what a function file exports by default. */
import type { AnyArgs, CtxOf, FnType } from "./types";
import type { ArgsSpec, InferArgs } from "./validators";

/** What may be said about a function beside its handler. */
export interface FnOptions {
  /** Hidden from HTTP: only the scheduler and other functions reach it. */
  internal?: boolean;
  /** The longest one call may take; the server's own limit where absent. */
  timeoutMs?: number;
  /** One sentence for whoever reads the list of functions. */
  description?: string;
}

/** A function as the runtime finds it. Plain data, so one built by hand serves as well. */
export interface FnDefinition<K extends FnType = FnType, A = AnyArgs, R = unknown> extends FnOptions {
  type: K;
  args: ArgsSpec | undefined;
  handler(ctx: CtxOf[K], args: A): Promise<R> | R;
}

/** What an author writes; `Answer` is what the handler returns, promised or not. */
interface Given<K extends FnType, S, A, Answer> extends FnOptions {
  args?: S;
  handler(ctx: CtxOf[K], args: A): Answer;
}

/** Makes definitions of one kind: arguments typed by validators, by annotation, or by type arguments. */
interface Define<K extends FnType> {
  <S extends ArgsSpec, Answer>(
    definition: Given<K, S, InferArgs<S>, Answer> & { args: S },
  ): FnDefinition<K, InferArgs<S>, Awaited<Answer>>;
  <A = AnyArgs, Answer = unknown>(
    definition: Given<K, ArgsSpec, A, Answer>,
  ): FnDefinition<K, A, Awaited<Answer>>;
  <A, R>(definition: Given<K, ArgsSpec, A, Promise<R>>): FnDefinition<K, A, R>;
}

/** Copies what a definition may hold: a misspelt option shall not look as if it counted. */
function definer<K extends FnType>(type: K): Define<K> {
  return (given: Given<K, ArgsSpec, never, unknown>): FnDefinition<K, never, never> => {
    const { args, handler, internal, timeoutMs, description } = given;
    return {
      type,
      args,
      handler: handler as (ctx: CtxOf[K], args: never) => never,
      ...(internal !== undefined && { internal }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(description !== undefined && { description }),
    };
  };
}

/** Defines a function that reads. */
export const query = definer("query");

/** Defines a function that reads and writes in one transaction: if it throws, nothing happened. */
export const mutation = definer("mutation");

/** Defines a function that may talk to the world. */
export const action = definer("action");
