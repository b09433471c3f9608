// The types of the package entry `amanah/client`.

import type { Client } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

export type { components, paths } from "./schema.d.ts";

/** Answers are `{data}` where all went well, else `{error}`: a `Problem`. Both come with `response`. */
export type AmanahClient = Client<paths>;

/** RFC 9457; `type` is stable. */
export type Problem = components["schemas"]["Problem"];

export type ClientOptions = {
  /** Where the service is, such as https://gifts.example */
  readonly url: string;
  /** An API key, for what is not public. */
  readonly key?: string;
  /** In place of the platform's own. */
  readonly fetch?: (request: Request) => Promise<Response>;
};

export declare function createClient(options: ClientOptions): AmanahClient;
