// Whether charities have signed what the contract's events say they have: recomputed from the typed data and the
// signature in the event, against the signer in force then. The contract's own verdict is not asked.

import { encodeFunctionData, type Hex, hashTypedData, parseAbi, recoverAddress, size, slice } from "viem";
import type { Observation } from "../findings.ts";
import type { Chain } from "./chain.ts";
import type { Claim } from "./replay.ts";
import { type Endpoint, quantity, RefusedError } from "./rpc.ts";

const line = "bytes32 charity,bytes32 unit,uint64 from,uint64 upTo";
const fieldsOf = (signature: string) =>
  signature.split(",").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { type, name };
  });
const TYPES = {
  Acknowledgement: fieldsOf(`${line},uint64 netTo,uint64 received,uint64 batch,bytes32 root`),
  Disbursement: fieldsOf(`${line},bytes32 evidence`),
};

const ERC1271_ABI = parseAbi([
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
]);
const ERC1271_VALID = "0x1626ba7e";
const ECDSA_BYTES = 65;
/** Half the order of secp256k1: above it a signature could be written in a second way, which contracts refuse. */
const HIGHEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const CHECKED_AT_ONCE = 64;

/** Every signature is checked; keys take about a millisecond each, contract wallets one call. */
export async function checkSignatures(
  endpoint: Endpoint,
  chain: Chain,
  claims: readonly Claim[],
): Promise<Observation[]> {
  const observations: Observation[] = [];
  for (let first = 0; first < claims.length; first += CHECKED_AT_ONCE) {
    const some = claims.slice(first, first + CHECKED_AT_ONCE);
    for (const found of await Promise.all(some.map((claim) => checkClaim(endpoint, chain, claim))))
      observations.push(...found);
  }
  return observations;
}

async function checkClaim(endpoint: Endpoint, chain: Chain, claim: Claim): Promise<Observation[]> {
  const { event, account, inForce } = claim;
  const { signer } = event.args;
  const what = `the ${event.eventName === "Acknowledged" ? "acknowledgement" : "disbursement"} ending at ${upToOf(event)}`;
  const place = { charity: account.charity, unit: account.unit };
  const observations: Observation[] = [];
  if (inForce !== signer.toLowerCase()) {
    const says = `${what} is signed by ${signer}; the charity's signer was then ${inForce ?? "none"}`;
    observations.push({
      code: "signer-not-in-force",
      says,
      place,
      numbers: { signer, inForce: inForce ?? "none" },
    });
  }
  if (!(await isSigned(endpoint, chain, claim, digestOf(chain.ledger, event)))) {
    const says = `${what} does not carry a signature of ${signer} for what it says`;
    observations.push({
      code: "signature-forged",
      says,
      place,
      numbers: { signer, upTo: upToOf(event), block: event.block },
    });
  }
  return observations;
}

const upToOf = (event: Claim["event"]): bigint =>
  event.eventName === "Acknowledged" ? event.args.acknowledgement.upTo : event.args.disbursement.upTo;

/** EIP-712, in the ledger's own domain. */
function digestOf(ledger: Hex, event: Claim["event"]): Hex {
  const domain = { name: "Amanah", version: "1", salt: ledger };
  return event.eventName === "Acknowledged"
    ? hashTypedData({
        domain,
        types: TYPES,
        primaryType: "Acknowledgement",
        message: event.args.acknowledgement,
      })
    : hashTypedData({ domain, types: TYPES, primaryType: "Disbursement", message: event.args.disbursement });
}

async function isSigned(endpoint: Endpoint, chain: Chain, { event }: Claim, digest: Hex): Promise<boolean> {
  const { signer, signature } = event.args;
  if ((await keyOf(digest, signature)) === signer.toLowerCase()) return true;
  const word = await askWallet(endpoint, signer, digest, signature, event.block);
  return word ?? (await askWallet(endpoint, signer, digest, signature, chain.block.number)) ?? false;
}

async function keyOf(hash: Hex, signature: Hex): Promise<Hex | undefined> {
  if (size(signature) !== ECDSA_BYTES || BigInt(slice(signature, 32, 64)) > HIGHEST_S) return undefined;
  try {
    return (await recoverAddress({ hash, signature })).toLowerCase() as Hex;
  } catch {
    return undefined;
  }
}

/**
 * A wallet that is a contract says itself whether it has signed (ERC-1271), best as of the block of the event: its owners
 * may have changed since. Undefined when the endpoint does not keep so old a state, or the wallet refuses to answer.
 */
async function askWallet(
  endpoint: Endpoint,
  wallet: Hex,
  hash: Hex,
  signature: Hex,
  block: bigint,
): Promise<boolean | undefined> {
  const data = encodeFunctionData({
    abi: ERC1271_ABI,
    functionName: "isValidSignature",
    args: [hash, signature],
  });
  try {
    const answer = (await endpoint.one("eth_call", [{ to: wallet, data }, quantity(block)])) as Hex;
    return answer.startsWith(ERC1271_VALID) && size(answer) === 32;
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}
