import { query } from "@pylon/functions";

/** Answers what it was given. */
export default query({ handler: ({ auth }, args) => ({ args, auth }) });
