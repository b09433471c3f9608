// A volunteer's certificate, checked by another library than the one that made it, and against the W3C's own schema.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataIntegrityProof } from "@digitalcredentials/data-integrity";
import { cryptosuite } from "@digitalcredentials/eddsa-rdfc-2022-cryptosuite";
import { verifyCredential } from "@digitalcredentials/vc";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect } from "chai";
import { readCertificate } from "../../server/certificates/check.ts";
import { loadDocument } from "../../server/certificates/documents.ts";
import { closeNow } from "../../server/jobs/seal.ts";
import { call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { announce, asVolunteer, at, HOUR, type Organiser, openOrganiser, START } from "../support/hours.ts";
import { runScript } from "../support/run-script.ts";
import { itWithSchemas } from "../support/schemas.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { wanted } from "../support/shop.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into documents freely
type Certificate = any;

describe("a volunteer's certificate", function () {
  this.timeout(120_000);
  let service: TestService;
  let organiser: Organiser;
  let key: string;
  let certificate: Certificate;

  const ask = (query = "", year = 2025) =>
    call(`${service.url}/v1/volunteers/me/years/${year}/certificate${query}`, { headers: asVolunteer(key) });

  const report = async (kind: string, pieces: number | null, volunteer = "ana") => {
    const { id } = await announce(service, organiser, { kind });
    const times = { checkIn: at(START), checkOut: at(START + 2 * HOUR) };
    const body = { activity: id, volunteer, ...times, pieces };
    await wanted(201, call(`${service.url}/v1/hours`, { key: organiser.key, body }));
    return id;
  };

  before(async () => {
    service = await startTestService({ chain: true });
    organiser = await openOrganiser(service);
    await report("offline", null);
    await report("blood", 1);
    const { id } = await announce(service, organiser, {
      title: "To come",
      endsAt: at(Date.now() / 1000 + HOUR),
      startsAt: at(Date.now() / 1000),
      pauses: [],
    });
    const signUp = { key: organiser.key, body: { volunteer: "ana" } };
    key = (await wanted(201, call(`${service.url}/v1/activities/${id}/sign-ups`, signUp))).key;
  });
  after(() => service.stop());

  it("is not given before anything is anchored, and to nobody without the volunteer's key", async () => {
    const early = await ask();
    expect([early.status, early.body.type]).to.deep.equal([409, "urn:amanah:problem:nothing-anchored"]);
    expect((await call(`${service.url}/v1/volunteers/me/years/2025/certificate`)).status).to.equal(401);
    await closeNow(service.sql);
    await eventually("anchored", async () => (await ask()).status === 200);
    await eventually("both", async () => (await ask()).body.evidence.length === 2);
    certificate = await wanted(200, ask("?name=Ana"));
  });

  const verify = (credential: Certificate) =>
    verifyCredential({
      credential,
      suite: new DataIntegrityProof({ cryptosuite }),
      documentLoader: loadDocument,
    });

  it("verifies by an independent library", async () => {
    const { verified, error } = await verify(certificate);
    expect(error?.errors?.map(({ message }: Error) => message) ?? []).to.deep.equal([]);
    expect(verified).to.equal(true);
  });

  it("no longer verifies there once anything in it is changed", async () => {
    const changes: ((changed: Certificate) => void)[] = [
      (changed) => (changed.credentialSubject.result[0].value = "9.9"),
      (changed) => (changed.credentialSubject.identifier[0].identityHash = "Eve"),
      (changed) => (changed.evidence[0].tenths = 99),
      (changed) => (changed.evidence[0].receiptProof.amount = "999"),
      (changed) => changed.evidence.pop(),
      (changed) => (changed.validFrom = "2024-01-01T00:00:00Z"),
    ];
    for (const change of changes) {
      const changed = structuredClone(certificate);
      change(changed);
      expect((await verify(changed)).verified).to.equal(false);
    }
  });

  itWithSchemas("is valid by the W3C's schema of credentials", () => {
    const file = join(process.env.SCHEMAS_DIR as string, "w3c-vc/verifiable-credential-schema.json");
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(file, "utf8")));
    validate(certificate);
    expect(validate.errors ?? []).to.deep.equal([]);
    expect(validate({ ...certificate, issuer: 7 })).to.equal(false);
  });

  it("tells the kinds separately, names its receipts, and holds no personal data but the name asked for", async () => {
    expect(certificate.type).to.deep.equal(["VerifiableCredential", "AchievementCredential"]);
    expect(certificate.credentialSubject.result.map(({ value }: { value: string }) => value)).to.deep.equal([
      "2.0",
      "4.0",
      "6.0",
    ]);
    const amounts = certificate.evidence.map(({ receiptProof }: Certificate) => receiptProof.amount);
    expect(amounts.toSorted()).to.deep.equal(["120", "240"]);
    expect(JSON.stringify(certificate)).not.to.match(/"ana"|salt|nonce/);
    const nameless = await wanted(200, ask());
    expect(nameless.credentialSubject).not.to.have.property("identifier");
    expect(JSON.stringify(nameless)).not.to.contain("Ana");
  });

  it("is the same, to the signature, for the same content", async () => {
    expect((await wanted(200, ask("?name=Ana"))).proof).to.deep.equal(certificate.proof);
  });

  describe("by npm run verify", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "amanah-certificate-"));
    });
    after(() => rm(folder, { recursive: true }));

    const run = async (content: Certificate, ...chosen: string[]) => {
      const path = join(folder, "certificate.json");
      await writeFile(path, JSON.stringify(content));
      const env = { ...process.env, AMANAH_HOME: folder };
      return runScript(join(import.meta.dirname, "../../scripts/verify.ts"), [path, ...chosen], { env });
    };
    const contract = () => certificate.evidence[0].receiptProof.ledger.contract as string;
    const chosen = () => [
      ...["--rpc", service.rpcUrl, "--contract", contract()],
      ...["--issuer", certificate.issuer.id as string],
    ];

    it("is valid when the signature holds and the chosen contract keeps each of its receipts", async () => {
      const { code, out } = await run(certificate, ...chosen());
      expect(out).to.contain("a certificate over 6.0 hours by 2 receipts, signed by did:key:z6Mk");
      expect(out).to.match(/✓ anchored/);
      expect([code, out.match(/3 valid, 0 invalid, 0 undecided/)?.length]).to.deep.equal([0, 1]);
    });

    it("cannot be told without a contract or an issuer, and is invalid once anything is changed", async () => {
      expect((await run(certificate)).code).to.equal(2);
      const { code: undecided, out: told } = await run(certificate, ...chosen().slice(0, 4));
      expect([undecided, told.match(/2 valid, 0 invalid, 1 undecided/)?.length]).to.deep.equal([2, 1]);
      const forged = structuredClone(certificate);
      forged.credentialSubject.identifier[0].identityHash = "Eve";
      const { code, out } = await run(forged, ...chosen());
      expect(code).to.equal(1);
      expect(out).to.match(/Invalid \(certificate\).*does not hold/);
    });
  });

  it("contradicts itself when its hours are not those of its receipts, or it names one twice", () => {
    const fault = (change: (changed: Certificate) => void) => {
      const changed = structuredClone(certificate);
      change(changed);
      return readCertificate(changed);
    };
    expect(readCertificate(certificate)).to.be.an("object");
    expect(fault((changed) => changed.evidence.pop())).to.contain("not those of its receipts");
    expect(fault((changed) => (changed.credentialSubject.result[2].value = "7.0"))).to.contain("not those");
    expect(fault((changed) => changed.evidence.push(changed.evidence[0]))).to.contain("twice");
    expect(fault((changed) => (changed.evidence[0].tenths += 1))).to.contain("it counts");
    expect(fault((changed) => (changed.evidence = []))).to.contain("not a certificate");
  });

  it("is signed by the key that the service names", async () => {
    const { issuer } = await wanted(200, call(`${service.url}/v1/certificates/issuer`));
    expect(certificate.issuer.id).to.equal(issuer);
  });

  it("stands for minutes that no settlement ever tries to pay", async () => {
    const started = await wanted(
      202,
      call(`${service.url}/v1/settlements`, { key: service.operatorKey, body: {} }),
    );
    const look = () => call(`${service.url}/v1/settlements/${started.id}`, { key: service.operatorKey });
    await eventually("settled", async () => (await look()).body.state === "done");
    const { unpaid, payouts } = (await look()).body;
    expect([unpaid, payouts]).to.deep.equal([{ "not-money": 1 }, []]);
  });

  it("is refused with a clear problem where the operator has set no key for it", async () => {
    const keyless = await startTestService();
    try {
      const { registration, key: own } = await openOrganiser(keyless);
      const { id } = await announce(
        keyless,
        { registration, key: own },
        { endsAt: at(Date.now() / 1000 + HOUR), startsAt: at(Date.now() / 1000), pauses: [] },
      );
      const signed = await wanted(201, call(`${keyless.url}/v1/activities/${id}/sign-ups`, { body: {} }));
      const answer = await call(`${keyless.url}/v1/volunteers/me/years/2025/certificate`, {
        headers: asVolunteer(signed.key),
      });
      expect([answer.status, answer.body.type]).to.deep.equal([503, "urn:amanah:problem:no-certificate-key"]);
    } finally {
      await keyless.stop();
    }
  });
});
