// A wallet as a browser's extension is one: announces itself to the page (EIP-6963) and answers its requests (EIP-1193), with
// the keys held here, outside of the browser. What it is asked is kept, to be looked at.

import type { Hex, PrivateKeyAccount } from "viem";
import type { OpenPage } from "./browser.ts";

export const WALLET_NAME = "Test Wallet";

export type BrowserWallet = {
  /** Signs what is asked for, or says no to it. */
  answer: "sign" | "reject";
  readonly asked: { readonly method: string; readonly params: readonly unknown[] }[];
  /** Has the wallet show another account, as its owner does by hand. */
  change(account: PrivateKeyAccount): Promise<void>;
};

const CHAIN_ID = "0x7a69";
const PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'%3E%3C/svg%3E";

/** What runs in the page before anything of its own. */
const announcement = `{
  const listeners = new Map();
  const provider = {
    async request({ method, params }) {
      const { result, error } = await window.askTestWallet(method, params ?? []);
      if (error) throw Object.assign(new Error(error.message), error);
      return result;
    },
    on: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    removeListener: (name, listener) =>
      void listeners.set(name, (listeners.get(name) ?? []).filter((one) => one !== listener)),
  };
  window.tellTestWallet = (name, value) => (listeners.get(name) ?? []).forEach((listener) => listener(value));
  const info = { uuid: "350670db-19fa-4704-a166-e52e178b59d2", name: ${JSON.stringify(WALLET_NAME)},
    icon: ${JSON.stringify(PICTURE)}, rdns: "example.wallet" };
  const announce = () =>
    window.dispatchEvent(
      new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }),
    );
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
}`;

const REFUSAL = { code: 4001, message: "User rejected the request." };

/** Installs it for an opened page, which is loaded anew. */
export async function installWallet({ page }: OpenPage, first: PrivateKeyAccount): Promise<BrowserWallet> {
  let account = first;
  const wallet: BrowserWallet = {
    answer: "sign",
    asked: [],
    change: async (other) => {
      account = other;
      await page.evaluate(`window.tellTestWallet("accountsChanged", ["${other.address}"])`);
    },
  };
  await page.exposeFunction("askTestWallet", async (method: string, params: readonly string[]) => {
    wallet.asked.push({ method, params });
    const isQuestion = /^eth_(accounts|chainId)$/.test(method);
    if (wallet.answer === "reject" && !isQuestion) return { error: REFUSAL };
    return await answerOf(account, method, params);
  });
  await page.addInitScript(announcement);
  await page.reload();
  return wallet;
}

async function answerOf(account: PrivateKeyAccount, method: string, params: readonly string[]) {
  switch (method) {
    case "eth_chainId":
      return { result: CHAIN_ID };
    case "eth_accounts":
    case "eth_requestAccounts":
      return { result: [account.address] };
    case "wallet_requestPermissions":
      return { result: [{ caveats: [{ value: [account.address] }] }] };
    case "personal_sign":
      return { result: await account.signMessage({ message: { raw: params[0] as Hex } }) };
    case "eth_signTypedData_v4":
      return { result: await account.signTypedData(JSON.parse(params[1] as string)) };
    default:
      return { error: { code: 4200, message: `${method} is not known` } };
  }
}
