// A charity signs for what was paid to it: every signature that says something else is refused with its reason, and the
// right one moves the contract's watermark.

import { expect } from "chai";
import type { Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import {
  acknowledge,
  askWhatToSign,
  type Charity,
  charityPath,
  give,
  lineOf,
  openCharity,
  pay,
  postAcknowledgement,
  sign,
} from "../support/charity.ts";
import { type Answer, call } from "../support/client.ts";
import { eventually } from "../support/eventually.ts";
import { expectProblem } from "../support/problems.ts";
import { startTestService, type TestService } from "../support/service.ts";
import { keyFor, wanted } from "../support/shop.ts";
import { deployWallet } from "../support/wallet.ts";

const STRANGER = privateKeyToAccount(generatePrivateKey());
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("acknowledgements", () => {
  let service: TestService;
  let charity: Charity;

  before(async () => {
    service = await startTestService({ chain: true });
    charity = await openCharity(service, { registration: "GB-CHC-ACK/fund" });
    await give(service, charity, [50, 70]);
    await give(service, charity, [30]);
  });
  after(() => service.stop());

  const marks = async (of = charity) => (await watermarksOf(service.sql, lineOf(of)))!;

  it("are for something that was paid: before that there is nothing to sign, and it says why", async () => {
    for (const query of ["", "?unit=CNY", "?unit=USD"]) {
      const { detail } = expectProblem(await askWhatToSign(service, charity, query), 404, "nothing-to-sign");
      expect(detail).to.contain("nothing was paid to GB-CHC-ACK/fund");
    }
  });

  it("need a charity that is known, speaks for itself, and has a signer", async () => {
    const other = await openCharity(service, { signerAddress: null });
    const path = charityPath(service, charity, "/acknowledgement");
    expectProblem(await call(path, { key: other.key }), 403, "wrong-subject");
    expectProblem(
      await call(path, { key: await keyFor(service, "merchant", other.merchant) }),
      403,
      "wrong-role",
    );
    expectProblem(await askWhatToSign(service, other), 409, "no-signer");
    const unknown = `${service.url}/v1/charities/GB-CHC-UNKNOWN/acknowledgement`;
    expectProblem(await call(unknown, { key: service.operatorKey }), 404, "unknown-charity");
  });

  describe("of payouts of 120 and 30", () => {
    before(async () => {
      await pay(service, charity, 0n, 120n);
      await pay(service, charity, 120n, 150n);
    });

    const offer = async (query = "") => wanted(200, askWhatToSign(service, charity, query));

    /** Signs something else than what is on chain. */
    async function signed(change: object, by = charity.signer): Promise<Answer> {
      const { typedData } = await offer();
      const message = { ...typedData.message, ...change };
      const signature = await sign(by, { ...typedData, message }).catch(() => "0x12");
      return postAcknowledgement(service, charity, { typedData: { ...typedData, message }, signature });
    }

    it("are offered as typed data, in plain words, and payout by payout", async () => {
      const { typedData, words, payouts, signer, digest } = await offer();
      expect(typedData.message).to.include({
        from: "0",
        upTo: "150",
        netTo: "0",
        received: "150",
      });
      expect(typedData.domain.salt).to.equal(`0x${Buffer.from(service.services.ledger.id).toString("hex")}`);
      expect(words.join(" "))
        .to.contain("GB-CHC-ACK/fund")
        .and.to.contain("1.50 CNY")
        .and.to.contain("[0, 150)");
      expect(payouts.map(({ upTo, amount }: Answer["body"]) => [upTo, amount])).to.deep.equal([
        ["120", "120"],
        ["150", "30"],
      ]);
      for (const payout of payouts) {
        expect(payout).to.include({ rail: "bank", claimed: true });
        expect(payout.ageSeconds).to.be.within(0, 60);
      }
      expect(signer).to.equal(charity.signer.address.toLowerCase());
      expect(digest).to.match(/^0x[0-9a-f]{64}$/);
    });

    it("may be asked for up to an earlier payout, and up to nowhere else", async () => {
      const { typedData, payouts } = await offer("?upTo=120&unit=CNY");
      expect([typedData.message.upTo, typedData.message.received, payouts.length]).to.deep.equal([
        "120",
        "120",
        1,
      ]);
      for (const upTo of ["119", "151", "0"])
        expectProblem(await askWhatToSign(service, charity, `?upTo=${upTo}`), 422, "not-payout-end");
      expectProblem(await askWhatToSign(service, charity, "?upTo=-1"), 422, "invalid");
    });

    const refusals: [string, object, number, string][] = [
      ["that begin elsewhere than the last ended", { from: "1" }, 409, "stale-acknowledgement"],
      ["beyond what was paid", { upTo: "151" }, 422, "beyond-paid"],
      ["of nothing", { upTo: "0" }, 422, "empty-acknowledgement"],
      ["that end where no payout does", { upTo: "50", received: "50" }, 422, "not-payout-end"],
      ["of refunds that were not set off", { netTo: "1" }, 422, "wrong-net-to"],
      ["of another amount", { received: "149" }, 422, "wrong-received"],
      ["of a batch that is not anchored", { batch: "9" }, 422, "unknown-root"],
      ["of a root that is not the batch's", { root: `0x${"ab".repeat(32)}` }, 422, "unknown-root"],
      ["of another charity", { charity: `0x${"ab".repeat(32)}` }, 422, "another-charity"],
      ["of a unit in which nothing was paid", { unit: `0x555344${"0".repeat(58)}` }, 422, "beyond-paid"],
      ["of a number that is none", { upTo: "1e2" }, 422, "invalid"],
    ];
    for (const [what, change, status, code] of refusals)
      it(`${what} are refused: ${code}`, async () => expectProblem(await signed(change), status, code));

    it("signed for another ledger are refused, whatever differs in the domain", async () => {
      const { typedData } = await offer();
      const changes = [
        { salt: `0x${"12".repeat(32)}` },
        { name: "amanah" },
        { version: "2" },
        { chainId: 1 },
      ];
      for (const change of changes) {
        const elsewhere = { ...typedData, domain: { ...typedData.domain, ...change } };
        const body = {
          typedData: elsewhere,
          signature: await sign(charity.signer, elsewhere).catch(() => "0x12"),
        };
        expectProblem(await postAcknowledgement(service, charity, body), 422, "another-ledger");
      }
    });

    it("signed by another account are refused by the contract's word, and name that account", async () => {
      const { facts, ...problem } = expectProblem(await signed({}, STRANGER), 422, "wrong-signer");
      expect(problem.detail).to.contain(STRANGER.address);
      expect([problem.wanted, problem.came]).to.deep.equal([
        charity.signer.address.toLowerCase(),
        STRANGER.address,
      ]);
      const { typedData } = await offer();
      const rubbish = await postAcknowledgement(service, charity, {
        typedData,
        signature: `0x${"ff".repeat(65)}`,
      });
      expectProblem(rubbish, 422, "wrong-signer");
      expect((await marks()).acknowledged).to.equal(0n);
    });

    it("need a signature and one thing that was signed", async () => {
      const { typedData } = await offer();
      for (const body of [{}, { typedData }, { signature: "0x12" }, { typedData, signature: "hello" }, [], 5])
        expectProblem(await postAcknowledgement(service, charity, body), 422, "invalid");
    });

    it("of a key are taken in any form that wallets give: v of 0 or 27, the higher s", async () => {
      const { typedData } = await offer("?upTo=120");
      const signature = await sign(charity.signer, typedData);
      const [r, s] = [signature.slice(2, 66), BigInt(`0x${signature.slice(66, 130)}`)];
      const high = (ORDER - s).toString(16).padStart(64, "0");
      const odd = signature.endsWith("1c");
      const form: Hex = `0x${r}${high}${odd ? "00" : "01"}`;
      const body = await wanted(201, postAcknowledgement(service, charity, { typedData, signature: form }));
      expect(body).to.include({ from: "0", upTo: "120", received: "120", reason: null });
      expect(body.state).to.be.oneOf(["recorded", "final"]);
      await eventually("acknowledged", async () => (await marks()).acknowledged === 120n);
    });

    it("are answered with 200 when the contract has the same, and refused as stale when it has another", async () => {
      const { items } = (await call(charityPath(service, charity, "/acknowledgements"))).body;
      const { number, state, transaction, recordedAt, reason, ...acknowledgement } = items[0];
      const again = { acknowledgement, signature: "0x12" };
      const { body, status } = await postAcknowledgement(service, charity, again);
      expect([status, body.number, body.transaction]).to.deep.equal([200, number, transaction]);
      const other = { ...acknowledgement, received: "119" };
      const stale = await postAcknowledgement(service, charity, {
        acknowledgement: other,
        signature: "0x12",
      });
      expectProblem(stale, 409, "stale-acknowledgement");
    });

    it("go on where the last ended, may be posted as plain fields by the operator, and tell how they stand", async () => {
      const { typedData, payouts } = await offer();
      expect(typedData.message).to.include({ from: "120", upTo: "150", received: "30" });
      expect(payouts).to.have.length(1);
      const signature = await sign(charity.signer, typedData);
      const acknowledgement = { ...typedData.message, unit: "CNY" };
      const path = charityPath(service, charity, "/acknowledgement");
      const answer = await call(path, { key: service.operatorKey, body: { acknowledgement, signature } });
      expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
      const found = await call(`${service.url}${answer.headers.get("location")}`);
      expect(found.body).to.include({ number: answer.body.number, upTo: "150" });
      const list = (await call(charityPath(service, charity, "/acknowledgements?limit=1"))).body;
      expect([list.items.length, list.items[0].upTo]).to.deep.equal([1, "150"]);
      const rest = await call(charityPath(service, charity, `/acknowledgements?after=${list.next}`));
      expect(rest.body.items.map(({ upTo }: Answer["body"]) => upTo)).to.deep.equal(["120"]);
      const { detail } = expectProblem(await askWhatToSign(service, charity), 404, "nothing-to-sign");
      expect(detail).to.contain("has not signed for");
      await eventually("acknowledged", async () => (await marks()).acknowledged === 150n);
    });

    it("that nobody knows are a 404", async () => {
      for (const number of ["999", "0", "x", `${2n ** 63n}`, "-1"])
        expectProblem(
          await call(charityPath(service, charity, `/acknowledgements/${number}`)),
          404,
          "unknown-acknowledgement",
        );
    });
  });

  it("ask for the unit when there is something to sign in several", async () => {
    const several = await openCharity(service);
    await give(service, several, [10]);
    await pay(service, several, 0n, 10n);
    await service.sql`
      INSERT INTO chain_calls (kind, args, role, state, mined_at)
      VALUES ('payBank', ${service.sql.json({ charity: several.id, unit: "USD", from: "0", upTo: "5", netTo: "0" })},
        'payer', 'final', now())`;
    const { detail } = expectProblem(await askWhatToSign(service, several), 422, "unit-needed");
    expect(detail).to.contain("CNY, USD");
    await wanted(200, askWhatToSign(service, several, "?unit=CNY"));
    expect((await acknowledge(service, several, "?unit=CNY")).status).to.equal(201);
  });

  describe("of a wallet contract", () => {
    let owned: Charity;
    before(async () => {
      const owner = privateKeyToAccount(generatePrivateKey());
      const wallet = await deployWallet(service.rpcUrl, owner.address);
      owned = { ...(await openCharity(service, { signerAddress: wallet })), signer: owner };
      await give(service, owned, [40]);
      await pay(service, owned, 0n, 40n);
    });

    it("are refused when it does not know the signature, with the account whose key made it", async () => {
      const { typedData } = await wanted(200, askWhatToSign(service, owned));
      const signature = await sign(STRANGER, typedData);
      const answer = await postAcknowledgement(service, owned, { typedData, signature });
      const problem = expectProblem(answer, 422, "wrong-signer");
      expect(problem.came).to.equal(STRANGER.address);
      expect(problem.wanted).not.to.equal(owned.signer.address.toLowerCase());
    });

    it("are judged by the contract alone, and taken when the wallet says that it has signed", async () => {
      const body = await wanted(201, acknowledge(service, owned));
      expect(body).to.include({ upTo: "40", reason: null });
      await eventually("acknowledged", async () => (await marks(owned)).acknowledged === 40n);
      const [kept] = await service.sql`SELECT length(code) > 100 AS kept FROM wallet_codes`;
      expect(kept?.kept, "its code is kept for a restart").to.equal(true);
    });

    it("answer with 202 and a link while the contract has no word", async () => {
      await give(service, owned, [2]);
      await pay(service, owned, 40n, 42n);
      await service.sql`UPDATE deployment SET chain_id = chain_id + 1`;
      try {
        const answer = await acknowledge(service, owned);
        expect([answer.status, answer.body.state]).to.deep.equal([202, "waiting"]);
        const link = `${service.url}${answer.headers.get("location")}`;
        expect((await call(link)).body.state).to.equal("waiting");
        await service.sql`UPDATE deployment SET chain_id = chain_id - 1`;
        await eventually("final", async () => (await call(link)).body.state === "final");
      } finally {
        await service.sql`UPDATE deployment SET chain_id = 31337`;
      }
    });
  });
});
