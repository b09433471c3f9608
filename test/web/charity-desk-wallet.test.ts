// A charity whose signer is a wallet contract, at its desk in a real browser: signed by the contract's owner.

import { expect } from "chai";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { watermarksOf } from "../../server/store/watermarks.ts";
import { expectAccessible, openPage } from "../support/browser.ts";
import { installWallet, WALLET_NAME } from "../support/browser-wallet.ts";
import { give, lineOf, openCharity, pay } from "../support/charity.ts";
import { eventually } from "../support/eventually.ts";
import { playLedger } from "../support/played-ledger.ts";
import { deployWallet } from "../support/wallet.ts";
import { addressOf, button, openDesk, settled } from "./desk.ts";

describe("a charity whose signer is a wallet contract", function () {
  this.timeout(120_000);

  it("signs in by its API key and signs by the contract's owner; where the chain is silent, it says so first", async () => {
    const played = await playLedger();
    const { service } = played;
    const owner = privateKeyToAccount(generatePrivateKey());
    const signerAddress = await deployWallet(service.rpcUrl, owner.address);
    const charity = await openCharity(service, { signerAddress });
    await give(service, charity, [900]);
    await pay(service, charity, 0n, 900n);
    const opened = await openPage(addressOf(played, charity));
    const { page, context } = opened;
    await installWallet(opened, owner);
    await context.route(`${service.rpcUrl}/**`, (route) => route.abort());
    await openDesk(page);
    await button(page, WALLET_NAME).click();
    await page.getByText("By API key instead").click();
    await page.getByLabel("API key").fill("wrong");
    await button(page, "Use this key").click();
    await page.getByText("This key is not known").waitFor();
    await page.getByLabel("API key").fill(charity.key);
    await button(page, "Use this key").click();
    await page.getByText("the chain's endpoint does not answer").waitFor({ timeout: 60_000 });
    expect(await button(page, "Sign that it has come").isDisabled()).to.equal(true);
    await expectAccessible(page);
    const consent = page.getByLabel("I have compared this elsewhere");
    await consent.check();
    expect(await button(page, "Sign that it has come").isEnabled()).to.equal(true);
    await consent.uncheck();
    await page.getByLabel("Endpoint").fill(service.rpcUrl.replace("127.0.0.1", "localhost"));
    await button(page, "Use these").click();
    await page.getByText("it says the same").waitFor();
    await button(page, "Sign that it has come").click();
    await settled(page, /^Your signature/);
    const acknowledged = async () => (await watermarksOf(service.sql, lineOf(charity)))?.acknowledged;
    await eventually("acknowledged", async () => (await acknowledged()) === 900n);
    await opened.close();
    await service.stop();
  });
});
