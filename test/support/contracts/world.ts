// The stage on which random steps play: a deployed ledger with a rich payer beside its model, and what both say of every
// line and every purse. The steps themselves are in steps.ts.
import { expect } from "chai";
import { type Batch, Books, type Entry } from "./books.ts";
import { as, BOND_WEI, type Deployed, deploy, ethers, type TokenContract } from "./chain.ts";
import { type Marks, Model, type ModelLine } from "./model.ts";
import type { Promised } from "./promiser.ts";
import { charityId, GIFT, type PromisedReceipt, promiseLeaf, unitOf } from "./reference.ts";

const CHARITIES = [charityId("GB-CHC-1164883"), charityId("CN-MCA-53100000500021676P")] as const;
const UNITS = [unitOf("CNY"), unitOf("USD")] as const;
const SUPPLY = 10n ** 12n;

export type Where = { charity: string; unit: string; key: string; line: ModelLine };

/** Where a receipt is in the books. */
export type Shown = { entry: Entry; index: number };

const CHALLENGE_STATES = ["none", "open", "answered", "breached", "late"] as const;

export class World {
  readonly model = new Model();
  readonly deployed: Deployed;
  readonly payees: string[];
  /** Contract and chain, as consents and vetoes name them. */
  readonly place: { chainId: bigint; ledgerContract: string };
  readonly books: Books;
  /** A batch closed and not yet anchored. */
  sealed: Batch | null;
  /** Promises that are challenged, and where their receipts are, if anywhere. */
  readonly held: (Promised & { shown: Shown | null })[] = [];
  /** Statements that no honest books hold. */
  readonly lies: Entry[] = [];
  private readonly token: TokenContract;

  private constructor(deployed: Deployed, token: TokenContract, payees: string[], place: World["place"]) {
    [this.deployed, this.token, this.payees, this.place] = [deployed, token, payees, place];
    this.books = new Books(deployed.ledger);
    this.sealed = this.books.seal({ charity: CHARITIES[0], unit: UNITS[0], amounts: [100n, 50n] });
  }

  /** The payer owns all of one token, in which both units are paid; one charity is registered. */
  static async create(deployed: Deployed): Promise<World> {
    const { contract, admin, payer, registrar, signer } = deployed;
    const ledgerContract = await contract.getAddress();
    const token = await deploy<TokenContract>("TestToken", 2);
    await token.mint(payer.address, SUPPLY);
    await (token.connect(payer) as TokenContract).approve(ledgerContract, SUPPLY);
    for (const unit of UNITS) await as(contract, admin).setToken(unit, await token.getAddress(), 2);
    const payees = (await ethers.getSigners()).slice(10, 13).map(({ address }) => address);
    const { chainId } = await ethers.provider.getNetwork();
    const world = new World(deployed, token, payees, { chainId, ledgerContract });
    await as(contract, registrar).registerCharity(CHARITIES[0], payees[0], signer.address);
    world.model.register("registrar", CHARITIES[0], payees[0]!, signer.address);
    world.model.accusations.admit(true, deployed.promiser.address);
    return world;
  }

  where(n: number): Where {
    const [charity, unit] = [CHARITIES[n >> 1]!, UNITS[n & 1]!];
    return this.whereOf(charity, unit);
  }

  whereOf(charity: string, unit: string): Where {
    const key = [charity, unit].join();
    return { charity, unit, key, line: this.model.line(key) };
  }

  idOf = (promised: PromisedReceipt): string => promiseLeaf(this.deployed.ledger, promised);

  /** A batch with a lie about the line; an honest one where there is nothing to lie about. */
  lie(charity: string, unit: string): Batch {
    const batch = this.books.lie(charity, unit);
    if (batch === undefined) return this.books.seal({ charity, unit, kind: GIFT, amounts: [1n] });
    this.lies.push(...batch.entries);
    return batch;
  }

  /** The newest challenges, the bonds of all, and which lines are at fault. */
  async checkAccusations(): Promise<void> {
    const { contract } = this.deployed;
    const { challenges, faults } = this.model.accusations;
    for (const [id, { state, dueAt }] of [...challenges].slice(-3)) {
      const said = await contract.challengeOf(id);
      const found = { state: CHALLENGE_STATES[Number(said.state)], dueAt: said.dueAt };
      expect(found, "a challenge").to.deep.equal({ state, dueAt });
    }
    for (const [promiser, until] of this.model.accusations.until)
      expect(await contract.promiserUntil(promiser), "how long a word counts").to.equal(until);
    const bonds = this.model.accusations.openChallenges() * BOND_WEI;
    expect(await ethers.provider.getBalance(this.place.ledgerContract), "bonds held").to.equal(bonds);
    for (const { charity, unit, key } of this.wheres())
      expect((await contract.faultOf(charity, unit)) !== 0n, "a fault").to.equal(faults.has(key));
  }

  async marks(): Promise<Marks[]> {
    const lines = this.wheres().map(({ charity, unit }) => this.deployed.contract.line(charity, unit));
    return (await Promise.all(lines)).map((line) => line.toObject() as Marks);
  }

  /** Payees in force, as the chain and as the model know them. */
  async checkCharities(): Promise<void> {
    for (const charity of CHARITIES) {
      const { payee, signer, changes } = await this.deployed.contract.charityOf(charity);
      const model = this.model.charities.get(charity);
      if (model) expect([payee, signer, changes]).to.deep.equal([model.payee, model.signer, model.changes]);
      else expect(changes).to.equal(0n);
    }
  }

  /** Every payee holds what payouts brought it, the ledger nothing, and the payer all the rest. */
  async checkMoney(): Promise<void> {
    let left = SUPPLY;
    for (const payee of this.payees) {
      const balance = this.model.balances.get(payee) ?? 0n;
      expect(await this.token.balanceOf(payee), "a payee's balance").to.equal(balance);
      left -= balance;
    }
    expect(await this.token.balanceOf(this.place.ledgerContract), "the ledger's balance").to.equal(0n);
    expect(await this.token.balanceOf(this.deployed.payer.address), "the payer's balance").to.equal(left);
  }

  private wheres(): Where[] {
    return [0, 1, 2, 3].map((n) => this.where(n));
  }
}
