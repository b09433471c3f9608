// Which way of the navigation leads to where the visitor is. Pure.

/** What lies behind a way without its name in the address. */
const BEHIND: Readonly<Record<string, string>> = {
  r: "verify",
  shops: "programmes",
  activities: "programmes",
  hours: "programmes",
  steps: "programmes",
  campaigns: "programmes",
  reports: "programmes",
  data: "programmes",
};

/** "page" for the very page, true for one that lies behind it: a receipt's link lies behind the checking of receipts. */
export function currentOf(page: string, path: string): "page" | true | undefined {
  const [, first = "", second] = path.split("/");
  if (first === page) return second === undefined || second === "" ? "page" : true;
  return BEHIND[first] === page || undefined;
}
