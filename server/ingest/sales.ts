// Sales of charities' own shops: priced by the list that was in force when they were completed, then recorded as what they
// are, purchases, so that refunds know them by the same name.

import type { Price, Sale } from "../programmes/sale.ts";
import { checkOver, purchaseOfSale } from "../programmes/sale.ts";
import { pricesInForce } from "../store/goods.ts";
import { attempt, contributionOf, type Ingest, ingestContributions, type Outcome } from "./ingest.ts";

/** Records sales that arrive together; as `ingestContributions`. */
export async function ingestSales(ingest: Ingest, sales: readonly Sale[]): Promise<Outcome[]> {
  const [pledges, priceOf] = await Promise.all([
    ingest.pledges.of(sales.map(({ merchant }) => merchant)),
    listsOf(ingest, sales),
  ]);
  const now = ingest.recorder.now();
  return ingestContributions(
    ingest,
    sales.map((sale) =>
      attempt(() => {
        checkOver(sale, now);
        const own = pledges.get(sale.merchant);
        const purchase = purchaseOfSale(sale, (product) => (own == null ? NO_SHOP : priceOf(sale, product)));
        return contributionOf(now, purchase, own, "charity-shop");
      }),
    ),
  );
}

/** Of a merchant that is not registered, which is what is then refused: not its products. */
const NO_SHOP: Price = { title: "", price: 0n };

type PriceOf = (sale: Sale, product: string) => Price | undefined;

async function listsOf({ sql }: Ingest, sales: readonly Sale[]): Promise<PriceOf> {
  const wanted = new Map(
    sales.flatMap((sale) => sale.items.map(({ product }) => [keyOf(sale, product), wantedBy(sale, product)])),
  );
  const found = await pricesInForce(sql, [...wanted.values()]);
  const prices = new Map([...wanted.keys()].map((key, index) => [key, found[index]]));
  return (sale, product) => prices.get(keyOf(sale, product));
}

const wantedBy = ({ merchant, currency, completedAt: at }: Sale, product: string) => ({
  merchant,
  product,
  currency,
  at,
});

const keyOf = ({ merchant, currency, completedAt }: Sale, product: string): string =>
  [merchant, currency, completedAt, product].join(" ");
