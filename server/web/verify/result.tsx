// Everything that is said of one opened receipt, the most important first: the verdict, whose it is, where it lies, what became of
// it, and how all of that is known.

import { Suspense, useState } from "react";
import { toHex } from "../../protocol/bytes.ts";
import type { Witness } from "../../protocol/testimony.ts";
import type { Verification } from "../../protocol/verification.ts";
import { Loading } from "../shell/states.tsx";
import { BookDoor } from "./book/door.tsx";
import { Keep } from "./keep.tsx";
import { Life } from "./life-list.tsx";
import { isProof, jsonOf, type Opened } from "./open/opened.ts";
import { Place } from "./place.tsx";
import { type ServedReceipt, type StoryOf, useStory } from "./queries.ts";
import { useReasonsAhead } from "./reason.tsx";
import { StepList } from "./step-list.tsx";
import { Trust } from "./trust.tsx";
import { useAlone, useCheck } from "./use-check.ts";
import { Verdict } from "./verdict.tsx";
import { Whose } from "./whose.tsx";

type Props = { readonly opened: Opened; readonly served: ServedReceipt | null };

export function Result({ opened, served }: Props) {
  const [heard, setHeard] = useState<{ witness: Witness | null }>({ witness: null });
  const alone = useAlone(opened, heard.witness);
  const ledger = alone.file === null ? "none" : toHex(alone.file.ledger.id);
  return (
    <Checked
      key={ledger}
      opened={opened}
      served={served}
      alone={alone}
      isWitnessed={heard.witness !== null}
      onWitness={(witness) => setHeard({ witness })}
    />
  );
}

type Checked = Props & {
  readonly alone: Verification;
  readonly isWitnessed: boolean;
  readonly onWitness: (witness: Witness) => void;
};

function Checked({ opened, served, alone, isWitnessed, onWitness }: Checked) {
  const { check, own, choose, hint, again } = useCheck(alone, opened.number);
  useReasonsAhead(!check.isAsking);
  const { verification, line } = check;
  const story = useStory(storyOf(verification, served, hint?.id));
  const proof = isProof(jsonOf(opened));
  return (
    <div className="result">
      <Suspense fallback={<Loading />}>
        <Verdict check={check} isProof={proof} story={story} onAgain={again} />
      </Suspense>
      <Whose verification={verification} isProof={proof} erased={story.erased} />
      <Place verification={verification} line={line} charity={story.charity?.name ?? null} />
      <Life check={check} story={story} />
      <Keep opened={opened} verification={verification} isLink={served !== null} />
      <Suspense fallback={<Loading />}>
        <StepList check={check} isProof={proof} />
      </Suspense>
      {alone.reason === "not-sealed" || isWitnessed ? (
        <BookDoor verification={alone} onWitness={onWitness} />
      ) : null}
      <Trust check={check} own={own} choose={choose} />
    </div>
  );
}

/** Only of a receipt of this site's own ledger: of another it knows nothing. */
function storyOf(
  { file, batch }: Verification,
  served: ServedReceipt | null,
  ledger: string | undefined,
): StoryOf | null {
  if (file === null || toHex(file.ledger.id) !== ledger) return null;
  return { id: toHex(file.receipt.id), charity: toHex(file.receipt.charity), batch, served };
}
