// One message by HTTP to an address that a stranger has named: to no private network, along no redirect, for no longer than
// is said, and reading nothing of the answer but its status.

import type { LookupAddress } from "node:dns";
import { type IncomingMessage, request as plain, type RequestOptions } from "node:http";
import { request as secure } from "node:https";
import type { LookupFunction } from "node:net";
import { messageOf } from "../../errors.ts";
import { checkDestination } from "../../programmes/webhooks/destination.ts";
import { publicAddresses } from "../../public-names.ts";

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
  /** Who is asked what a name leads to; without them the machine's own. The demonstration asks its machine. */
  readonly nameServers?: readonly string[];
};

export async function post(letter: Letter, posting: Posting): Promise<Sent> {
  const { demonstration, timeoutMs, nameServers } = posting;
  try {
    const url = checkDestination(letter.url, demonstration);
    const signal = AbortSignal.any([posting.signal, AbortSignal.timeout(timeoutMs)]);
    const lookup = demonstration ? {} : { lookup: lookUpPublic(signal, nameServers) };
    return judge(await statusOf(url, letter, { ...lookup, signal }));
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

/** The addresses of a name, which are then connected to, so that none comes in between. */
const lookUpPublic =
  (signal: AbortSignal, servers?: readonly string[]): LookupFunction =>
  (name, options, callback) => {
    publicAddresses(name, signal, servers).then(
      (addresses) => {
        const [first] = addresses as [LookupAddress];
        if (options.all === true) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (thrown) => callback(thrown, []),
    );
  };
