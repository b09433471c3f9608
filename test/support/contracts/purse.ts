// A line with gifts and refunds on it, a token for its unit, and a payer who owns some: what payouts need.
import { anchorAndProve, Books } from "./books.ts";
import {
  as,
  type Deployed,
  deploy,
  type LedgerContract,
  networkHelpers,
  type TokenContract,
} from "./chain.ts";
import * as charity from "./charity.ts";
import { REVERSAL, random32, unitOf } from "./reference.ts";

export const CNY = unitOf("CNY");
export const NOTE = random32();
export const RAIL = { none: 0n, token: 1n, bank: 2n };
export const WALLET = 1_000_000n;

export type Purse = Deployed & { books: Books; token: TokenContract };

/** 100 fen given and 30 taken back, before the opening; the token (six decimals) is not set yet. */
export async function rebuilding(): Promise<Purse> {
  const deployed = await charity.rebuilding();
  const books = new Books(deployed.ledger);
  const line = { charity: charity.CHARITY, unit: CNY };
  await anchorAndProve(deployed, books.seal({ ...line, amounts: [60n, 40n] }));
  await anchorAndProve(deployed, books.seal({ ...line, kind: REVERSAL, amounts: [10n, 20n] }));
  return { ...deployed, books, token: await deploy<TokenContract>("TestToken", 6) };
}

/** Makes a token the one of CNY (exponent 2), and opens; the payer owns some and has approved all. */
export async function openedWith(purse: Purse, token: TokenContract): Promise<Purse> {
  const { contract, admin, payer } = purse;
  await as(contract, admin).setToken(CNY, await token.getAddress(), 2);
  await as(contract, admin).open();
  if (token.interface.hasFunction("mint")) await token.mint(payer.address, WALLET);
  if (token.interface.hasFunction("approve")) {
    await (token.connect(payer) as TokenContract).approve(await contract.getAddress(), WALLET);
  }
  return { ...purse, token };
}

export async function opened(): Promise<Purse> {
  const purse = await rebuilding();
  return openedWith(purse, purse.token);
}

/** The fixture's state for one test, with books of its own. */
export async function load(fixture: () => Promise<Purse>): Promise<Purse> {
  const purse = await networkHelpers.loadFixture(fixture);
  return { ...purse, books: purse.books.copy() };
}

export async function marksOf(contract: LedgerContract) {
  const { given, reversed, paid, netted } = await contract.line(charity.CHARITY, CNY);
  return { given, reversed, paid, netted };
}
