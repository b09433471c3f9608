// What a name leads to on the public internet, asked of name servers by c-ares: each look-up has its own sockets and can be
// ended. getaddrinfo would wait on one of the four threads that files and hashes of this process need as well, for as long
// as a stranger's name server likes. The machine's hosts file has no say: what only it knows is not public.

import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";
import { isPublicAddress } from "./programmes/webhooks/destination.ts";

/**
 * All addresses of a name, IPv4 first, at least one. One that is not public spoils them all: whoever owns the name would only
 * have to wait until it is taken. Throws then, where there is none, where name servers fail for both families, and what the signal
 * aborts with. `servers`, as `address:port`, take the place of the machine's own.
 */
export async function publicAddresses(
  name: string,
  signal: AbortSignal,
  servers?: readonly string[],
): Promise<LookupAddress[]> {
  const addresses = await addressesOf(name, signal, servers);
  if (addresses.length === 0) throw new Error(`${name} leads to no address`);
  if (!addresses.every(({ address }) => isPublicAddress(address)))
    throw new Error(`${name} leads to an address that is not public`);
  return addresses;
}

/** A resolver for each: ending one look-up ends all of its resolver, which also remembers what it has heard. */
async function addressesOf(
  name: string,
  signal: AbortSignal,
  servers?: readonly string[],
): Promise<LookupAddress[]> {
  signal.throwIfAborted();
  const resolver = new Resolver();
  if (servers !== undefined) resolver.setServers(servers);
  const end = () => resolver.cancel();
  signal.addEventListener("abort", end, { once: true });
  try {
    const families = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    signal.throwIfAborted();
    return knownOf(families);
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

/** What is known, also where nobody knows the other family: some name servers fail when they are asked for IPv6. */
function knownOf(families: readonly PromiseSettledResult<string[]>[]): LookupAddress[] {
  const known = families.flatMap((one, n) =>
    addressesIn(one).map((address) => ({ address, family: FAMILIES[n] as number })),
  );
  const failed = families.find((one) => one.status === "rejected" && !isAnswer(one.reason));
  if (known.length === 0 && failed?.status === "rejected") throw unanswered(failed.reason);
  return known;
}

/** Else the name server's refusal would read as that of the host itself. */
const unanswered = (reason: NodeJS.ErrnoException) =>
  new Error(`no name server says what the name leads to: ${reason.message}`, { cause: reason });

const FAMILIES = [4, 6] as const;
const addressesIn = (one: PromiseSettledResult<string[]>) => (one.status === "fulfilled" ? one.value : []);

/** That there is no such address is an answer; that nobody knows is none. */
const isAnswer = ({ code }: NodeJS.ErrnoException): boolean => code === "ENODATA" || code === "ENOTFOUND";
