// What is told of a line's payouts: the money that was transferred, less refunds, and not what came back.

import { expect } from "chai";
import { toHex } from "../../server/protocol/bytes.ts";
import { charityId } from "../../server/protocol/ids.ts";
import { paidOut } from "../../server/store/iati-activities.ts";
import { addCharity } from "../../server/store/parties.ts";
import { openTestStore, type TestStore } from "../support/store.ts";

const DAY = 20_000;
const CHARITY = charityId("GB-CHC-77");
const LINE = { charity: Buffer.from(CHARITY), unit: "CNY" };

describe("the payouts of a line", () => {
  let store: TestStore;

  before(async () => {
    store = await openTestStore();
    const none = { website: null, payee: null, signer: null };
    await addCharity(store.sql, { registration: "GB-CHC-77", name: "Meals", rail: "bank", ...none });
  });
  after(() => store.close());

  /** A payout that the contract has recorded on a day. */
  async function paid(
    from: string,
    upTo: string,
    netTo: string,
    day: number,
    state = "final",
  ): Promise<bigint> {
    const args = { charity: toHex(CHARITY), unit: "CNY", from, upTo, netTo };
    const [call] = await store.sql<{ id: bigint }[]>`
      INSERT INTO chain_calls (kind, args, role, state, mined_at)
      VALUES ('payBank', ${store.sql.json(args)}, 'payer', ${state}, to_timestamp(${day * 86_400 + 5})) RETURNING id`;
    return call?.id as bigint;
  }

  const amounts = async (first: number, last: number) =>
    (await paidOut(store.sql, LINE, { first, last })).map(({ from, upto, amount }) => [from, upto, amount]);

  it("are what was transferred: refunds that a payout sets off are taken off once, by the payout that names them", async () => {
    await paid("0", "100", "10", DAY);
    await paid("100", "150", "10", DAY + 1);
    await paid("150", "400", "60", DAY + 2);
    expect(await amounts(DAY, DAY + 2)).to.deep.equal([
      [0n, 100n, 90n],
      [100n, 150n, 50n],
      [150n, 400n, 200n],
    ]);
    expect(await amounts(DAY + 2, DAY + 2), "by the payouts before the period too").to.deep.equal([
      [150n, 400n, 200n],
    ]);
  });

  it("leave out what the contract has refused", async () => {
    await paid("400", "500", "60", DAY + 3, "failed");
    expect(await amounts(DAY + 3, DAY + 3)).to.deep.equal([]);
  });

  it("leave out money that came back, until it has left again", async () => {
    const call = await paid("400", "500", "60", DAY + 4);
    await bounced(call);
    expect(await amounts(DAY + 4, DAY + 4)).to.deep.equal([]);
    await store.sql`UPDATE transfers SET state = 'confirmed' WHERE end_to_end_id = 'AM-1-1'`;
    expect(await amounts(DAY + 4, DAY + 4)).to.deep.equal([[400n, 500n, 100n]]);
  });

  /** As the bank has told of it, of the payout that is recorded by a call. */
  const bounced = (call: bigint) => store.sql`
    WITH line AS (INSERT INTO lines (charity, unit) VALUES (${CHARITY}, 'CNY') RETURNING id),
    run AS (INSERT INTO settlement_runs (asked_by, state) VALUES ('operator', 'done') RETURNING id),
    payout AS (
      INSERT INTO payouts (run, line, rail, "from", upto, net_from, net_to, state, call)
      SELECT run.id, line.id, 'bank', 400, 500, 60, 60, 'paid', ${call} FROM run, line RETURNING id
    ), account AS (
      INSERT INTO bank_accounts (charity, name, iban, country, effective_at)
      VALUES (${CHARITY}, 'Meals', 'GB33BUKB20201555555555', 'GB', now()) RETURNING id
    ), file AS (
      INSERT INTO bank_files (message_id, currency, debtor, transfers, sum, xml)
      VALUES ('M-1', 'CNY', 'DE89370400440532013000', 1, 100, '<x/>') RETURNING id
    )
    INSERT INTO transfers (end_to_end_id, payout, attempt, account, currency, amount, state, file)
    SELECT 'AM-1-1', payout.id, 1, account.id, 'CNY', 100, 'bounced', file.id FROM payout, account, file`;
});
