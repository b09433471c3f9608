// The purchases that the bench sends: one item each, a hundred shops, no order number twice.

export const SHOPS = 100;
export const CHARITY = "XX-BENCH-1";
export const CURRENCY = "CNY";
export const BASIS_POINTS = 100;

const COMPLETED_AT = "2024-11-11T08:00:00+08:00";

export const shopName = (shop: number): string => `bench-shop-${shop}`;

/** The JSON of one purchase, in ASCII. */
export const orderBody = (order: number): string =>
  `{"merchant":"${shopName(order % SHOPS)}","order":"2024111100${order}","completedAt":"${COMPLETED_AT}","currency":"${CURRENCY}","buyer":"b${order % 9_973}","items":[{"item":"${order}-1","title":"Tea, 250 g","price":"${1_000 + (order % 20_000)}","shipping":"800"}]}`;
