// Signing in with an Ethereum account: every message that is not for here and now is refused with its reason, and a session
// speaks for a charity exactly as its API key does.

import { expect } from "chai";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { createSiweMessage, type SiweMessage } from "viem/siwe";
import { recordContract } from "../../server/store/chain-slots.ts";
import { type Answer, call } from "../support/client.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { openShop, termsOf, wanted } from "../support/shop.ts";

const CHAIN_ID = 31337;
const NOBODY = privateKeyToAccount(generatePrivateKey());

describe("signing in", () => {
  let service: TestService;
  const signer = privateKeyToAccount(generatePrivateKey());
  const names = ["GB-CHC-SIGN-1", "GB-CHC-SIGN-1/lunches"];

  before(async () => {
    service = await startTestService();
    for (const registration of names) {
      const body = { registration, name: registration, signer: signer.address };
      await wanted(201, call(`${service.url}/v1/charities`, { key: service.operatorKey, body }));
    }
  });
  after(() => service.stop());

  const post = (path: string, body: object = {}, key?: string): Promise<Answer> =>
    call(`${service.url}${path}`, { body, ...(key && { key }) });
  const offer = async () => wanted(201, post("/v1/sign-in/nonce"));

  async function messageOf(change: Partial<SiweMessage> = {}, address = signer.address): Promise<string> {
    const { nonce, domain, uri, chainId } = await offer();
    return createSiweMessage({ address, domain, uri, chainId, nonce, version: "1", ...change });
  }

  const signIn = async (message: string, by: PrivateKeyAccount = signer) =>
    post("/v1/sign-in", { message, signature: await by.signMessage({ message }) });
  const session = async () => (await wanted(201, signIn(await messageOf()))).token as string;

  it("waits until the ledger's contract is deployed, since the message names its chain", async () => {
    expectProblem(await post("/v1/sign-in/nonce"), 404, "no-contract");
    await recordContract(service.sql, CHAIN_ID, new Uint8Array(20).fill(1));
  });

  describe("refuses a message", () => {
    const cases: [string, Partial<SiweMessage>, string][] = [
      ["for another domain", { domain: "evil.example" }, "wrong-domain"],
      ["for a domain that only begins like ours", { domain: "gifts.example.evil.example" }, "wrong-domain"],
      ["for our domain by another scheme", { scheme: "ftp" }, "wrong-domain"],
      ["for a URI elsewhere", { uri: "https://evil.example/v1/sign-in" }, "wrong-uri"],
      ["for another chain", { chainId: 1 }, "wrong-chain"],
      ["that has expired", { expirationTime: new Date(Date.now() - 1_000) }, "expired"],
      ["that is not valid yet", { notBefore: new Date(Date.now() + 86_400_000) }, "not-yet-valid"],
      ["with a nonce of its own making", { nonce: "abcdefgh12345678" }, "unknown-nonce"],
      ["with a nonce of the right shape, made by another", { nonce: "0".repeat(74) }, "unknown-nonce"],
    ];
    for (const [what, change, code] of cases)
      it(`${what}: ${code}`, async () => expectProblem(await signIn(await messageOf(change)), 403, code));

    it("that is none, or that has more in it than the form: not-a-sign-in", async () => {
      const right = await messageOf();
      const wrong = [
        "",
        "hello",
        `${right}\nand more`,
        right.replace("Version: 1", "Version: 2"),
        `\n${right}`,
      ];
      for (const message of wrong) expectProblem(await signIn(message), 422, "not-a-sign-in");
    });

    it("whose nonce was used: used-nonce, also when two come at once", async () => {
      const message = await messageOf();
      const answers = await Promise.all([signIn(message), signIn(message)]);
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 403]);
      expectProblem(await signIn(message), 403, "used-nonce");
    });

    it("whose nonce is old: old-nonce", async () => {
      const { makeNonce } = await import("../../server/http/sign-in-nonces.ts");
      const nonce = makeNonce(service.services.ledger.secret, Math.floor(Date.now() / 1000) - 601);
      expectProblem(await signIn(await messageOf({ nonce })), 403, "old-nonce");
    });

    it("that another account has signed, or nobody; and says what wallet contracts do instead", async () => {
      const message = await messageOf();
      const { detail } = expectProblem(await signIn(message, NOBODY), 403, "wrong-signature");
      expect(detail).to.contain(NOBODY.address).and.to.contain("API key");
      for (const signature of ["0x12", `0x${"00".repeat(65)}`, `0x${"ff".repeat(300)}`])
        expectProblem(await post("/v1/sign-in", { message, signature }), 403, "wrong-signature");
    });

    it("of an account that signs for no charity: unknown-signer", async () => {
      expectProblem(await signIn(await messageOf({}, NOBODY.address), NOBODY), 403, "unknown-signer");
    });

    it("and a refused one does not use its nonce up", async () => {
      const message = await messageOf();
      await signIn(message, NOBODY);
      expect((await signIn(message)).status).to.equal(201);
    });
  });

  it("takes the service's own address as well as the public one, and a time until which it counts", async () => {
    const { host, origin } = new URL(service.url);
    const expirationTime = new Date(Date.now() + 60_000);
    const message = await messageOf({ domain: host, uri: `${origin}/anything`, expirationTime });
    const body = await wanted(201, signIn(message));
    expect(body.token).to.match(/^amanah_session_[\w-]{43}$/);
    expect(body.charities).to.deep.equal(names);
    const lasts = Date.parse(body.expiresAt) - Date.now();
    expect(lasts).to.be.within(3_500_000, 3_600_000);
  });

  it("keeps no token, only its hash", async () => {
    const token = await session();
    const [row] = await service.sql`
      SELECT count(*) FROM sessions WHERE encode(hash, 'escape') LIKE ${`%${token.slice(15)}%`}`;
    expect(row?.count).to.equal(0n);
  });

  describe("a session", () => {
    it("speaks for all charities of its account, and for no other", async () => {
      const token = await session();
      const shop = await openShop(service);
      const terms = termsOf(shop.merchant, names, { startsAt: "2025-02-01T00:00:00Z" });
      const { id } = await wanted(201, post("/v1/pledges", terms, shop.merchantKey));
      const accepted = await wanted(200, post(`/v1/pledges/${id}/acceptance`, {}, token));
      expect([accepted.accepted, accepted.acceptedBy.sort()]).to.deep.equal([true, names]);
      expectProblem(await post(`/v1/pledges/${shop.pledge}/acceptance`, {}, token), 404, "not-in-pledge");
      const other = `${service.url}/v1/charities/${shop.charities[0]}/acknowledgement`;
      expectProblem(await call(other, { key: token }), 403, "wrong-subject");
      const own = `${service.url}/v1/charities/${encodeURIComponent(names[1]!)}/acknowledgement`;
      expectProblem(await call(own, { key: token }), 404, "nothing-to-sign");
    });

    it("may not do what only an operator or a merchant may", async () => {
      expectProblem(await post("/v1/keys", { role: "operator" }, await session()), 403, "wrong-role");
    });

    it("ends when it is ended, at once, and when its time is over", async () => {
      const token = await session();
      await wanted(200, post("/v1/sign-in/end", undefined, token));
      expectProblem(await post("/v1/sign-in/end", undefined, token), 401, "unknown-key");
      const late = await session();
      await service.sql`UPDATE sessions SET expires_at = now()`;
      expectProblem(await post("/v1/sign-in/end", undefined, late), 401, "unknown-key");
    });

    it("speaks no longer for a charity whose signer is another by now", async () => {
      const token = await session();
      await service.sql`UPDATE charities SET signer = NULL WHERE registration = ${names[0]!}`;
      const address = `${service.url}/v1/charities/${names[0]}/acknowledgement`;
      expectProblem(await call(address, { key: token }), 403, "wrong-subject");
    });

    it("is not what an API key is, which is revoked instead of ended", async () => {
      const shop = await openShop(service);
      expectProblem(await post("/v1/sign-in/end", undefined, shop.charityKeys[0]), 422, "not-a-session");
    });
  });
});
