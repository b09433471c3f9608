// One message by HTTP to an address that a stranger has named: to no private network, along no redirect, for no longer than
// is said, and reading nothing of the answer but its status.

import { lookup } from "node:dns";
import { type IncomingMessage, request as plain, type RequestOptions } from "node:http";
import { request as secure } from "node:https";
import type { LookupFunction } from "node:net";
import { messageOf } from "../../errors.ts";
import { checkDestination, isPublicAddress } from "../../programmes/webhooks/destination.ts";

export type Letter = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** `gone`: the endpoint says that it wants no more, by 410. */
export type Sent =
  | { readonly outcome: "taken" }
  | { readonly outcome: "gone" }
  | { readonly outcome: "failed"; readonly why: string };

export type Posting = {
  readonly demonstration: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

export async function post(letter: Letter, { demonstration, timeoutMs, signal }: Posting): Promise<Sent> {
  try {
    const url = checkDestination(letter.url, demonstration);
    const status = await statusOf(url, letter, {
      ...(demonstration ? {} : { lookup: lookUpPublic }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    return judge(status);
  } catch (thrown) {
    const isLate = thrown instanceof Error && (thrown.cause as Error | undefined)?.name === "TimeoutError";
    return { outcome: "failed", why: isLate ? `no answer within ${timeoutMs} ms` : messageOf(thrown) };
  }
}

function judge(status: number): Sent {
  if (status >= 200 && status < 300) return { outcome: "taken" };
  if (status === 410) return { outcome: "gone" };
  const hint = status >= 300 && status < 400 ? "; redirects are not followed" : "";
  return { outcome: "failed", why: `it answered with ${status}${hint}` };
}

function statusOf(url: URL, { headers, body }: Letter, options: RequestOptions): Promise<number> {
  const send = url.protocol === "https:" ? secure : plain;
  const all = { ...headers, "content-length": Buffer.byteLength(body), connection: "close" };
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      { ...options, method: "POST", headers: all, agent: false },
      (answer: IncomingMessage) => {
        resolve(answer.statusCode ?? 0);
        answer.on("error", () => {}).destroy();
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/**
 * The addresses of a name, which are then connected to, so that none comes in between. One that is not public spoils them
 * all: whoever owns the name would only have to wait until it is taken.
 */
const lookUpPublic: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    if (!addresses.every(({ address }) => isPublicAddress(address)))
      return callback(new Error(`${name} leads to an address that is not public`), []);
    const [first] = addresses;
    if (options.all === true || first === undefined) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};
