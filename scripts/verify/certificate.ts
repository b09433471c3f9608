// A volunteer's certificate among the files: its signature and its sums by itself, and each of its receipts as a file of its
// own, to be compared with the contract as any other.

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

export async function verifyCertificate(path: string, json: object): Promise<Alone[]> {
  const read = readCertificate(json);
  const fault = typeof read === "string" ? read : await signatureFault(json);
  const trail = new Trail();
  trail.walk(() =>
    trail.take(
      "format",
      () => requireNone(fault),
      () => saySigned(read as Certificate),
    ),
  );
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

const saySigned = ({ issuer, credentialSubject, evidence }: Certificate): string => {
  const hours = credentialSubject.result.at(-1)?.value;
  return `a certificate over ${hours} hours by ${evidence.length} receipts, signed by ${issuer.id}: compare this key with the one that the operator publishes`;
};
