// Which way of the navigation leads to where the visitor is. Pure.

/** "page" for the very page, true for one that lies behind it: a receipt's link lies behind the checking of receipts. */
export function currentOf(page: string, path: string): "page" | true | undefined {
  const [, first, second] = path.split("/");
  if (second === undefined || second === "") return first === page ? "page" : undefined;
  return (first === "r" ? "verify" : first) === page || undefined;
}
