// What an endpoint has not taken, and sending it again: one message, or all.

import { useTranslation } from "react-i18next";
import { isUnknown } from "../api/client.ts";
import { Listed } from "../shell/listed.tsx";
import { useWords } from "../units/use-words.ts";
import { NotDone, Said } from "./said.tsx";
import { type DeadLetter, useDeadLetters, useReplay } from "./webhook-queries.ts";

export function DeadLetters({ webhook }: { webhook: string }) {
  const { t } = useTranslation("operator");
  const dead = useDeadLetters(webhook);
  const replay = useReplay(webhook);
  // The endpoint was removed elsewhere; the next look at all of them takes it away here too.
  if (isUnknown(dead.error)) return null;
  return (
    <>
      <Listed query={dead} none={t("webhooks.noneDead")} more={t("webhooks.more")}>
        {(letters) => (
          <Letters letters={letters} isBusy={replay.isPending} send={(letter) => replay.mutate(letter)} />
        )}
      </Listed>
      {replay.isError && <NotDone error={replay.error} />}
      {replay.isSuccess && (
        <Said key={replay.submittedAt}>{t("webhooks.replayed", { count: replay.data.replayed })}</Said>
      )}
    </>
  );
}

type LettersProps = {
  readonly letters: readonly DeadLetter[];
  readonly isBusy: boolean;
  /** All of them, without a letter. */
  readonly send: (letter?: DeadLetter) => void;
};

function Letters({ letters, isBusy, send }: LettersProps) {
  const { t } = useTranslation("operator");
  return (
    <>
      <h4>{t("webhooks.dead")}</h4>
      <p>
        {t("webhooks.deadMean")}{" "}
        <button type="button" disabled={isBusy} onClick={() => send()}>
          {t("webhooks.replayAll")}
        </button>
      </p>
      <ul className="dead-letters">
        {letters.map((letter) => (
          <Letter key={`${letter.event}/${letter.key}`} letter={letter} isBusy={isBusy} send={send} />
        ))}
      </ul>
    </>
  );
}

type LetterProps = Pick<LettersProps, "isBusy" | "send"> & { readonly letter: DeadLetter };

function Letter({ letter, isBusy, send }: LetterProps) {
  const { t } = useTranslation("operator");
  const { time } = useWords();
  const { event, key, attempts, since, failure } = letter;
  return (
    <li>
      <p>
        <code>{event}</code> <code>{key}</code> ·{" "}
        {t("webhooks.tried", { count: attempts, since: time(since) })}
        {failure !== null && (
          <>
            : <span lang="en">{failure}</span>
          </>
        )}
      </p>
      <button
        type="button"
        disabled={isBusy}
        aria-label={t("webhooks.replayThis", { event, key })}
        onClick={() => send(letter)}
      >
        {t("webhooks.replay")}
      </button>
    </li>
  );
}
