// The second pass: once through the statements of all books, for everything that they have to bear out: proofs on chain,
// period reports, documents by programme, philanthropy reports.

import type { BookSource } from "./books/book-source.ts";
import type { BooksStage } from "./books/stage-books.ts";
import type { WalkedLine } from "./books/walk.ts";
import type { Chain } from "./chain/chain.ts";
import type { LeftContract } from "./chain/left.ts";
import type { Reachable } from "./chain/moves.ts";
import type { Replay } from "./chain/replay.ts";
import type { Endpoint } from "./chain/rpc.ts";
import type { DocumentsOutcome } from "./documents/documents.ts";
import { Periods } from "./documents/periods.ts";
import { Proofs } from "./documents/proofs.ts";
import { Philanthropy } from "./philanthropy/check.ts";

export type StatementsContext = {
  readonly chain: Chain;
  readonly endpoint: Endpoint;
  readonly source: BookSource;
  readonly left: readonly LeftContract[];
  readonly reachable: readonly Reachable[];
  readonly replayed: Replay;
  readonly books: BooksStage;
};

export async function checkStatements(stage: StatementsContext, published: DocumentsOutcome) {
  const { chain, replayed, books } = stage;
  const { walk, log, findings } = books;
  const lines: WalkedLine[] = [...walk.state.lines.values()];
  const { unread } = walk.state;
  const proofs = new Proofs(replayed.proven, lines);
  const periods = new Periods(published.periods, { ledger: chain.ledger, lines, unread, findings });
  const philanthropy = await philanthropyOf(stage, published);
  for (const statement of log.statements()) {
    proofs.take(statement);
    periods.take(statement);
    philanthropy.take(statement);
  }
  periods.end();
  await philanthropy.end();
  return {
    philanthropy: philanthropy.recomputed,
    proofs: proofs.end(unread, findings),
    periods: periods.undecided,
    reports: philanthropy.undecided,
    begunLate: philanthropy.begunLate,
  };
}

function philanthropyOf(
  { chain, endpoint, source, books, left, reachable }: StatementsContext,
  { reports, programmes }: DocumentsOutcome,
): Promise<Philanthropy> {
  const { walk, log, findings } = books;
  const { lines, unread } = walk.state;
  const context = { chain, endpoint, source, unread, findings, lines: [...lines.values()] };
  return Philanthropy.begin({ ...context, closings: log.closings(), left, reachable }, reports, programmes);
}
