// The lines on which something is left to do at the desk: all others are none of this part's business.

import type { ReactNode } from "react";
import { Asked, Nothing } from "../../shell/states.tsx";
import { type Line, useLines } from "../queries.ts";
import { isUnderWay, useDesk } from "./context.ts";
import type { UnderWay } from "./signing.ts";

type Props = {
  /** What is to be signed of the line, from how far it has come up to how far it may. */
  readonly what: UnderWay["what"];
  readonly from: "acknowledged" | "spent";
  readonly upTo: "paid" | "acknowledged";
  /** What is said when there is none. */
  readonly none: string;
  readonly children: (line: Line) => ReactNode;
};

export function OpenLines({ what, from, upTo, none, children }: Props) {
  const { charity, underWay } = useDesk();
  const query = useLines(charity.id);
  const isOpen = (line: Line) =>
    BigInt(line.watermarks[upTo]) > BigInt(line.watermarks[from]) && !isUnderWay(underWay, what, line);
  return (
    <Asked query={query}>
      {({ items }) => {
        const open = items.filter(isOpen);
        return open.length === 0 ? <Nothing>{none}</Nothing> : open.map(children);
      }}
    </Asked>
  );
}
