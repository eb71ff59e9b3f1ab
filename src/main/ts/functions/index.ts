/** `@pylonsync/functions`: what the files in a project's `functions` folder import. */
export { action, mutation, query } from "./define";
export type { FnDefinition, FnOptions } from "./define";
export { installTestIsolation, resetDb } from "./testing";
export { v } from "./validators";
export type { ArgsSpec, Infer, InferArgs, Validator } from "./validators";
export type {
  ActionCtx,
  AuthInfo,
  DbReader,
  DbWriter,
  Filter,
  FnType,
  Log,
  MutationCtx,
  Page,
  QueryCtx,
  Row,
  Scheduler,
  SearchResult,
  SearchSpec,
  Stream,
  WebhookAnswer,
  WebhookRequest,
} from "./types";
