// JSON-RPC over HTTP with many calls in one request, bounded and repeated where that may help. What the answers mean is
// not known here. viem batches what is asked in one tick; an audit asks for the roots of years at once, and must not
// hold a promise for each.

import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, UnavailableError } from "../../../server/errors.ts";

export type Call = { readonly method: string; readonly params: readonly unknown[] };

/** A number as JSON-RPC writes it. */
export const quantity = (value: bigint): `0x${string}` => `0x${value.toString(16)}`;

/** The endpoint has answered, and refuses this call: too large a range, a revert, a method that it does not have. */
export class RefusedError extends Error {}

const CALLS_IN_ONE_REQUEST = 250;
const REQUESTS_AT_ONCE = 4;
const ANSWER_LIMIT_MS = 30_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
const RETRY_AFTER_SECONDS = 30;
/** JSON-RPC's code of "limit exceeded" (EIP-1474). */
const LIMIT_EXCEEDED = -32005;

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: RpcError };
type RpcError = { readonly code: number; readonly message: string };

/** Something that passes: the network, the endpoint's mood. */
class PassingError extends Error {}

/** One endpoint. Every failure to answer is an `UnavailableError`, every refusal a `RefusedError`. */
export class Endpoint {
  readonly #url: string;
  /** One, once the endpoint has refused to take several calls in a request. */
  #callsInOne = CALLS_IN_ONE_REQUEST;

  constructor(url: string) {
    this.#url = url;
  }

  async one(method: string, params: readonly unknown[]): Promise<unknown> {
    const [result] = await this.many([{ method, params }]);
    return result;
  }

  /** The results in the order of the calls. */
  async many(calls: readonly Call[], onAnswered: (calls: number) => void = () => {}): Promise<unknown[]> {
    const results: unknown[] = new Array(calls.length);
    let next = 0;
    const run = async (): Promise<void> => {
      while (next < calls.length) {
        const first = next;
        const some = calls.slice(first, first + this.#callsInOne);
        next = first + some.length;
        for (const [at, result] of (await this.#insist(some)).entries()) results[first + at] = result;
        onAnswered(some.length);
      }
    };
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, run));
    return results;
  }

  /** Asks again, after longer and longer pauses, as long as what failed may pass. */
  async #insist(calls: readonly Call[]): Promise<unknown[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#ask(calls);
      } catch (error) {
        if (!(error instanceof PassingError)) throw error;
        if (attempt === ATTEMPTS) throw noAnswer(this.#url, error);
        await sleep(FIRST_PAUSE_MS * 3 ** (attempt - 1));
      }
    }
  }

  async #ask(calls: readonly Call[]): Promise<unknown[]> {
    const requests = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
    const [single] = requests;
    const said = await this.#post(requests.length === 1 ? single : requests);
    if (!Array.isArray(said) && calls.length > 1) return await this.#askEach(calls);
    return resultsOf([said].flat() as Answer[], calls);
  }

  /** For endpoints that take one call in a request. */
  async #askEach(calls: readonly Call[]): Promise<unknown[]> {
    this.#callsInOne = 1;
    const results: unknown[] = [];
    for (const call of calls) results.push(...(await this.#insist([call])));
    return results;
  }

  async #post(body: unknown): Promise<unknown> {
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      const text = await response.text();
      // Some endpoints put a JSON-RPC error into the body of a 4xx; one that overflows or fails has nothing to say.
      if (response.status === 429 || response.status >= 500)
        throw new Error(`HTTP status ${response.status}`);
      return JSON.parse(text);
    } catch (error) {
      throw new PassingError(messageOf(error));
    }
  }
}

function resultsOf(answers: readonly Answer[], calls: readonly Call[]): unknown[] {
  const byId = new Map(answers.map((answer) => [answer?.id, answer]));
  return calls.map(({ method }, id) => {
    const answer = byId.get(id) ?? (calls.length === 1 ? answers[0] : undefined);
    if (answer?.error) throw refusal(method, answer.error);
    if (answer?.result === undefined) throw new PassingError(`no result for ${method}`);
    return answer.result;
  });
}

function refusal(method: string, { code, message }: RpcError): Error {
  const isBusy = code === LIMIT_EXCEEDED && method !== "eth_getLogs";
  return isBusy ? new PassingError(message) : new RefusedError(`${method}: ${message}`);
}

const noAnswer = (url: string, { message }: Error) =>
  new UnavailableError(
    "no-answer",
    `the endpoint ${new URL(url).host} gives no answer (${message}); try again, or pass another with --rpc`,
    RETRY_AFTER_SECONDS,
  );
