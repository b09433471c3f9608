// Certificates that somebody else has made, or made over: whoever verifies one must not take it for the operator's.

import { expect } from "chai";
import { verifyCertificate } from "../../scripts/verify/certificate.ts";
import { certificateOf } from "../../server/certificates/certificate.ts";
import { certificateSigner, signatureFault } from "../../server/certificates/signing.ts";
import { yearOf } from "../../server/programmes/hours/year.ts";

const OURS = `0x${"11".repeat(32)}` as const;
const ANOTHER = `0x${"22".repeat(32)}` as const;
const VALID_FROM = "2025-12-01T00:00:00Z";

const proofOf = (changed: object = {}) => ({
  id: `0x${"ab".repeat(16)}`,
  leaf: `0x${"ab".repeat(32)}`,
  unit: "MINUTE",
  kind: 0,
  amount: "120",
  ...changed,
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into documents freely
type Json = any;

async function signed(
  proofs: readonly object[],
  key: `0x${string}` = OURS,
): Promise<{ issuer: string; json: Json }> {
  const signer = await certificateSigner({ CERTIFICATE_KEY: key, demonstration: false });
  if (signer === undefined) throw new Error("no signer");
  const evidence = proofs.map((receiptProof, index) => ({
    link: `https://gifts.example/r/${index}`,
    kind: "offline" as const,
    tenths: 20,
    receiptProof,
  }));
  const credential = certificateOf({
    issuer: { id: signer.issuer, name: "Amanah", url: "https://gifts.example" },
    id: "ab".repeat(16),
    year: 2025,
    served: yearOf(evidence),
    displayName: "Ana",
    evidence,
    validFrom: VALID_FROM,
  });
  return { issuer: signer.issuer, json: structuredClone(await signer.sign(credential, VALID_FROM)) };
}

const verdict = async (json: object, issuer: string | null) => {
  const [whole] = await verifyCertificate("certificate.json", json, issuer);
  const { verdict, reason } = whole!.verification;
  return [verdict, reason];
};

describe("a certificate that comes from anywhere", () => {
  it("is valid under the key that the reader chose, and cannot be told without one", async () => {
    const { issuer, json } = await signed([proofOf()]);
    expect(await verdict(json, issuer)).to.deep.equal(["valid", null]);
    expect(await verdict(json, null)).to.deep.equal(["unknown", "no-issuer"]);
  });

  it("is invalid when another's key has signed it, though its receipts are real", async () => {
    const { issuer } = await signed([proofOf()]);
    const { json } = await signed([proofOf()], ANOTHER);
    expect(await signatureFault(json)).to.equal(null);
    expect(await verdict(json, issuer)).to.deep.equal(["invalid", "another-issuer"]);
  });

  it("is invalid when a receipt in it is of no minutes, or takes some back", async () => {
    for (const changed of [{ unit: "CNY" }, { kind: 1 }]) {
      const { issuer, json } = await signed([proofOf(changed)]);
      expect(await verdict(json, issuer)).to.deep.equal(["invalid", "certificate"]);
    }
  });

  it("is invalid when it names a receipt twice, in other letters", async () => {
    const twice = [proofOf(), proofOf({ leaf: `0x${"AB".repeat(32)}` })];
    const { issuer, json } = await signed(twice);
    expect(await verdict(json, issuer)).to.deep.equal(["invalid", "certificate"]);
  });

  it("is invalid when its words were given another meaning, which no signature sees", async () => {
    const { issuer, json } = await signed([proofOf()]);
    json["@context"][2].kindOfService = "@index";
    json["@context"][2].service = "urn:amanah:terms#kindOfService";
    json.evidence[0].service = "offline";
    json.evidence[0].kindOfService = "offline";
    expect(await signatureFault(json)).to.equal(null);
    expect(await verdict(json, issuer)).to.deep.equal(["invalid", "certificate"]);
  });
});
