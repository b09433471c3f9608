// A volunteer's certificate among the files: its sums by itself, its signature against the key that the reader chose, and each
// of its receipts as a file of its own, to be compared with the contract as any other.

import { type Certificate, isCertificate, readCertificate } from "../../server/certificates/check.ts";
import { signatureFault } from "../../server/certificates/signing.ts";
import { VerificationError } from "../../server/errors.ts";
import { verifyReceiptProof } from "../../server/protocol/receipt-proof.ts";
import { Trail } from "../../server/protocol/trail.ts";
import { conclude, NOTHING_FOUND, type Verification } from "../../server/protocol/verification.ts";

/** What was found by the file alone; `path` names the file, and the receipt in it. */
export type Alone = { readonly path: string; readonly verification: Verification };

/** The JSON of a certificate; null for what does not mean to be one, which is for others to judge. */
export function certificateIn(bytes: Uint8Array): object | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isCertificate(json) ? json : null;
  } catch {
    return null;
  }
}

/**
 * Receipts are public, and anybody can sign: whose certificate it is, the key alone tells, which is the reader's choice.
 * @param issuer a did:key; null where none was chosen
 */
export async function verifyCertificate(path: string, json: object, issuer: string | null): Promise<Alone[]> {
  const read = readCertificate(json);
  const fault = typeof read === "string" ? read : await signatureFault(json);
  const trail = new Trail();
  trail.walk(() => {
    trail.take(
      "format",
      () => requireNone(fault),
      () => saySigned(read as Certificate),
    );
    const chosen = issuer ?? trail.stop("promiser", "no-issuer", SAY_NO_ISSUER);
    trail.take(
      "promiser",
      () => requireIssuer(read as Certificate, chosen),
      () => "this is the key that was chosen",
    );
  });
  const whole = { path, verification: conclude(trail, NOTHING_FOUND, null) };
  if (typeof read === "string") return [whole];
  const receipts = read.evidence.map(({ receiptProof }) => ({
    path: `${path}, receipt ${receiptProof.id}`,
    verification: verifyReceiptProof(receiptProof),
  }));
  return [whole, ...receipts];
}

function requireNone(fault: string | null): void {
  if (fault !== null) throw new VerificationError("certificate", `the certificate does not hold: ${fault}`);
}

function requireIssuer({ issuer: { id } }: Certificate, wanted: string): void {
  if (id !== wanted)
    throw new VerificationError("another-issuer", `wanted a signature by ${wanted}, came one by ${id}`);
}

const SAY_NO_ISSUER =
  "no issuer was chosen, and anybody can sign: pass --issuer with the did:key that the operator publishes";

const saySigned = ({ issuer, credentialSubject, evidence }: Certificate): string => {
  const hours = credentialSubject.result.at(-1)?.value;
  return `a certificate over ${hours} hours by ${evidence.length} receipts, signed by ${issuer.id}`;
};
