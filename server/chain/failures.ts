// What a failed request means: the contract refuses (and why), or the endpoint gave no answer, which says nothing.

import { BaseError, decodeErrorResult, type Hex } from "viem";
import { messageOf, UnavailableError } from "../errors.ts";
import { LEDGER_ABI } from "./abi.ts";
import { TOKEN_ABI } from "./token-abi.ts";

/** The contract refuses a call, now and as the chain stands. `name` of its error, and the error with its arguments. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly error: string;

  constructor(error: string, message: string) {
    super(message);
    this.error = error;
  }
}

/** More gas than one transaction may take, or than the sender can pay for: of a single call this passes with time. */
export class TooLargeError extends UnavailableError {
  constructor(says: string) {
    super("transaction-too-large", `the chain's endpoint: ${says}`, RETRY_AFTER_SECONDS);
  }
}

/** As Geth and its relatives, Hardhat and others put it. */
const TOO_LARGE = /gas (limit|cap|floor)|exceeds .*gas|gas required exceeds|out of gas|oversized/i;

const RETRY_AFTER_SECONDS = 5;

/** Runs a request. Throws `RefusedError`, `TooLargeError` or, for everything else an endpoint may do, `UnavailableError`. */
export async function ask<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (thrown) {
    throw meaningOf(thrown);
  }
}

function meaningOf(thrown: unknown): unknown {
  if (!(thrown instanceof BaseError)) return thrown;
  const data = revertData(thrown);
  if (data !== undefined) return refusal(data, thrown);
  const said = sayingOf(thrown);
  if (TOO_LARGE.test(said)) return new TooLargeError(said);
  if (/revert/i.test(said)) return new RefusedError("unknown", said);
  return new UnavailableError("chain-unavailable", `the chain's endpoint: ${said}`, RETRY_AFTER_SECONDS);
}

/** Nodes put the data of a revert in different places of their answer. */
function revertData(thrown: BaseError): Hex | undefined {
  let found: Hex | undefined;
  thrown.walk((cause) => {
    const data = (cause as { data?: unknown } | null)?.data;
    const inner = typeof data === "object" ? (data as { data?: unknown } | null)?.data : data;
    if (typeof inner === "string" && /^0x([0-9a-f]{2}){4,}$/i.test(inner)) found = inner as Hex;
    return found !== undefined;
  });
  return found;
}

/** What the ledger reverts with, and what tokens do of which it hands the reason on. */
const ERRORS = [...LEDGER_ABI, ...TOKEN_ABI];

function refusal(data: Hex, thrown: BaseError): RefusedError {
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: ERRORS, data });
    return new RefusedError(errorName, `${errorName}(${args.join(", ")})`);
  } catch {
    return new RefusedError("unknown", `${sayingOf(thrown)} (${data})`);
  }
}

/** What the endpoint itself said, without the request around it: a URL may hold a key. */
export function sayingOf(thrown: unknown): string {
  if (!(thrown instanceof BaseError)) return messageOf(thrown);
  let deepest = thrown;
  while (deepest.cause instanceof BaseError) deepest = deepest.cause;
  return (deepest.details || deepest.shortMessage).replace(/https?:\/\/\S+/g, "<url>");
}
