// The embedded chain as a stranger sees it: over JSON-RPC, by an ordinary client.

import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { expect } from "chai";
import { createPublicClient, createWalletClient, http, parseEther } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { type EmbeddedChain, startChain } from "../../server/embedded/chain.ts";
import { InputError } from "../../server/errors.ts";
import { answers, freePort, LOOPBACK } from "../support/ports.ts";

describe("embedded chain", () => {
  it("refuses a port that is taken, and names the setting", async () => {
    const port = await freePort();
    const other = createServer().listen(port, LOOPBACK);
    await once(other, "listening");
    const error = await startChain({ port }).catch((thrown) => thrown);
    other.close();
    expect(error).to.be.instanceOf(InputError).with.property("message").that.contains("CHAIN_PORT");
    expect(error).to.have.property("code", "chain-port");
  });

  describe("once started", () => {
    let chain: EmbeddedChain;
    const cwd = process.cwd();

    before(async () => {
      // Neither a configuration file nor a package is near.
      process.chdir(tmpdir());
      chain = await startChain();
    });

    after(async () => {
      process.chdir(cwd);
      await chain.stop();
    });

    const reader = () =>
      createPublicClient({ chain: hardhat, transport: http(chain.url), pollingInterval: 20 });
    const walletOf = (index: number) => {
      const account = privateKeyToAccount(chain.accounts[index]!.privateKey);
      return createWalletClient({ account, chain: hardhat, transport: http(chain.url) });
    };

    it("answers with its chain id", async () => {
      expect(await reader().getChainId()).to.equal(31337);
    });

    it("has the ten well-known accounts, all rich", async () => {
      expect(chain.accounts.map(({ address }) => address)).to.have.length(10);
      expect(chain.accounts[0]!.address).to.equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
      expect(chain.accounts[9]!.address).to.equal("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720");
      for (const { address } of chain.accounts) {
        expect(await reader().getBalance({ address })).to.equal(parseEther("10000"));
      }
    });

    it("mines a block for each transaction, at the true time however many come in a second", async () => {
      const wallet = walletOf(1);
      const began = Math.floor(Date.now() / 1_000);
      const before = await reader().getBlock();
      for (let sent = 0; sent < 5; sent++)
        await wallet.sendTransaction({ to: wallet.account.address, value: 1n });
      const block = await reader().getBlock();
      expect(block.number).to.equal(before.number + 5n);
      // The node counts whole seconds from its own start: it may be one behind or ahead of ours, and never more.
      expect(Number(block.timestamp)).to.be.within(began - 1, Math.ceil(Date.now() / 1_000) + 1);
    });

    it("is read by a page of any site in a browser", async () => {
      const Origin = "http://127.0.0.1:8080";
      const asking = {
        Origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
      };
      const leave = await fetch(chain.url, { method: "OPTIONS", headers: asking });
      expect(leave.headers.get("access-control-allow-headers")).to.equal("*");
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
      const headers = { Origin, "Content-Type": "application/json" };
      const answer = await fetch(chain.url, { method: "POST", headers, body });
      expect(answer.headers.get("access-control-allow-origin")).to.equal("*");
    });

    it("listens on this machine's own address only", () => {
      expect(new URL(chain.url).hostname).to.equal(LOOPBACK);
    });
  });

  it("frees its port when it stops, though a stranger keeps a connection open", async () => {
    const chain = await startChain();
    const { port, host } = new URL(chain.url);
    const stranger = new WebSocket(`ws://${host}`);
    await new Promise((resolve) => stranger.addEventListener("open", resolve));
    await chain.stop();
    expect(await answers(Number(port))).to.equal(false);
    stranger.close();
  });

  it("begins anew at each start", async () => {
    const port = await freePort();
    const first = await startChain({ port });
    const client = createPublicClient({ transport: http(first.url) });
    await client.request({ method: "evm_mine" as never });
    await first.stop();
    const second = await startChain({ port });
    const height = await client.getBlockNumber({ cacheTime: 0 });
    await second.stop();
    expect(second.url).to.equal(first.url);
    expect(height).to.equal(0n);
  });
});
