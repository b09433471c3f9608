// Wallets of this browser, by wagmi: each announces itself to the page (EIP-6963), or is the only one and lies in the window.
// Nothing is asked of anybody but the wallet, and nothing of it is kept.

import { type Connector, createConfig, injected, unstable_connector } from "wagmi";

const ETHER = { name: "Ether", symbol: "ETH", decimals: 18 };

const configs = new Map<number, ReturnType<typeof makeConfig>>();

/** Of the ledger's chain. What is signed here holds on any chain: a wallet may stand on another. */
export function walletConfig(chainId: number) {
  const known = configs.get(chainId) ?? makeConfig(chainId);
  configs.set(chainId, known);
  return known;
}

function makeConfig(id: number) {
  const rpcUrls = { default: { http: [] } };
  return createConfig({
    chains: [{ id, name: `${id}`, nativeCurrency: ETHER, rpcUrls }],
    connectors: [injected()],
    transports: { [id]: unstable_connector(injected) },
    storage: null,
  });
}

/** The wallets to choose from; the nameless one of the window only where none has announced itself. */
export function walletsOf(connectors: readonly Connector[]): readonly Connector[] {
  const announced = connectors.filter(({ id }) => id !== "injected");
  if (announced.length > 0) return announced;
  return "ethereum" in window ? connectors : [];
}

const USER_REJECTED = 4001;

/** Whether somebody has said no in the wallet (EIP-1193), however deep that lies in what was thrown. */
export function isRejected(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Object; error = (error as Error).cause)
    if ((error as { code?: unknown }).code === USER_REJECTED) return true;
  return false;
}
