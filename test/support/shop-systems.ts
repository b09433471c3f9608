// Bodies as Shopify and WooCommerce write them, with values of our own, and what signs them. Only what we read and a few
// fields more, which must go no further.

import { createHmac } from "node:crypto";

export const signatureOf = (secret: string, body: string): string =>
  createHmac("sha256", secret).update(body).digest("base64");

/** Two pots at 30.00 less 5.00, one tin at 12.50; 10.00 shipping; prices without tax, 10 % on top. As text: ids pass 2^53. */
export const shopifyOrder = (id = "9007199254740993001", more = ""): string => `{
  "id": ${id}, "admin_graphql_api_id": "gid://shopify/Order/${id}", "name": "#1042", "order_number": 1042,
  "email": "wei@buyer.example", "test": false, "currency": "CNY", "taxes_included": false,
  "created_at": "2025-11-10T09:00:00+08:00", "processed_at": "2025-11-10T09:00:01+08:00",
  "total_price": "84.50", "customer": { "id": 6400000000123, "first_name": "Wei", "email": "wei@buyer.example" },
  "shipping_address": { "name": "Wei L.", "address1": "8 Tea Lane", "city": "Kunming" },
  "line_items": [
    { "id": 14000000000001, "title": "Tea pot", "quantity": 2, "price": "30.00", "total_discount": "0.00",
      "discount_allocations": [{ "amount": "5.00", "discount_application_index": 0 }],
      "tax_lines": [{ "price": "5.50", "rate": 0.1, "title": "VAT" }] },
    { "id": 14000000000002, "title": "Tin of tea", "quantity": 1, "price": "12.50", "discount_allocations": [],
      "tax_lines": [{ "price": "1.25", "rate": 0.1, "title": "VAT" }] }
  ],
  "shipping_lines": [{ "id": 3, "title": "Post", "price": "10.00", "discount_allocations": [], "tax_lines": [] }],
  "fulfillments": [{ "id": 5, "status": "success", "created_at": "2025-11-11T08:00:00+08:00" }],
  "refunds": [${more}]
}`;

/** One pot comes back, and 4.00 of the shipping. Money without quotes, as some of it comes. */
export const shopifyRefund = ({
  id = "880000000000001",
  order = "9007199254740993001",
  at = "2025-11-20T08:00:00+08:00",
  status = '"fulfilled"',
} = {}): string => `{
  "id": ${id}, "order_id": ${order}, "created_at": "${at}", "note": "wrong colour, says Wei", "restock": true,
  "refund_line_items": [{ "id": 1, "line_item_id": 14000000000001, "quantity": 1, "subtotal": 27.5, "total_tax": 2.75,
    "line_item": { "id": 14000000000001, "fulfillment_status": ${status} } }],
  "order_adjustments": [{ "id": 2, "kind": "shipping_refund", "amount": "-4.00", "tax_amount": "0.00" }],
  "transactions": [{ "id": 3, "kind": "refund", "amount": "34.25" }]
}`;

/** One scarf at 20.00 with 2.00 tax, shipping 3.00; whole rupiah need no decimals. */
export const wooOrder = (given: object = {}): string =>
  JSON.stringify({
    id: 727,
    number: "727",
    status: "completed",
    currency: "CNY",
    date_created_gmt: "2025-11-10T01:00:00",
    date_modified_gmt: "2025-11-12T01:00:00",
    date_completed_gmt: "2025-11-11T00:00:00",
    customer_id: 26,
    billing: { first_name: "Ayu", email: "ayu@buyer.example" },
    line_items: [
      {
        id: 315,
        name: "Scarf",
        quantity: 1,
        subtotal: "25.00",
        total: "20.00",
        total_tax: "2.00",
        price: 20,
      },
    ],
    shipping_lines: [{ id: 317, total: "3.00", total_tax: "0.00" }],
    fee_lines: [],
    refunds: [],
    ...given,
  });
