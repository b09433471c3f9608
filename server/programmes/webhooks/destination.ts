// Where messages may be sent. Whoever names an address makes us connect to it: never to one that only we can reach.

import { BlockList, isIP, isIPv6 } from "node:net";
import { InputError } from "../../errors.ts";

/** Not of the public internet: RFC 6890 and its successors. */
const NOT_PUBLIC: readonly (readonly [address: string, bits: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** Of IPv6 only global unicast is public, and not what carries an IPv4 address within it, nor documentation. */
const GLOBAL_UNICAST: readonly [string, number] = ["2000::", 3];
const NOT_PUBLIC_6: readonly (readonly [address: string, bits: number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

const privates = new BlockList();
for (const [address, bits] of NOT_PUBLIC) privates.addSubnet(address, bits, "ipv4");
for (const [address, bits] of NOT_PUBLIC_6) privates.addSubnet(address, bits, "ipv6");
const unicast = new BlockList();
unicast.addSubnet(...GLOBAL_UNICAST, "ipv6");

/** Whether anybody could reach an IP address, and not only this machine and its network. */
export const isPublicAddress = (address: string): boolean =>
  isIPv6(address)
    ? unicast.check(address, "ipv6") && !privates.check(address, "ipv6")
    : isIP(address) === 4 && !privates.check(address, "ipv4");

/** The host of an address as a resolver takes it, without the brackets of IPv6. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

/** Names that lead to the machine itself, wherever they are asked: RFC 6761 §6.3. */
const isOwnName = (host: string): boolean => /(^|\.)localhost\.?$/.test(host);

/** Whether a host says of itself that only we reach it. */
const isOurs = (host: string): boolean => (isIP(host) > 0 ? !isPublicAddress(host) : isOwnName(host));

const MOST_URL = 500;

/**
 * Throws `InputError` `wrong-destination` unless it may be sent to, as far as the address itself tells. Off the
 * demonstration TLS is asked for, and a host that is not an address of a private network or a name of this machine.
 */
export function checkDestination(text: string, demonstration: boolean): URL {
  const url = URL.canParse(text) && text.length <= MOST_URL ? new URL(text) : undefined;
  const protocols = demonstration ? ["https:", "http:"] : ["https:"];
  const wanted = demonstration ? "an http or https address" : "an https address that anybody can reach";
  if (
    url === undefined ||
    !protocols.includes(url.protocol) ||
    url.username !== "" ||
    url.password !== "" ||
    (isOurs(hostOf(url)) && !demonstration)
  )
    throw wrongDestination(`${wanted}, without a name or password in it`, text.slice(0, MOST_URL));
  return url;
}

export const wrongDestination = (wanted: string, came: string) =>
  new InputError("wrong-destination", `url: wanted ${wanted}, came ${came}`, { field: "url", wanted, came });
