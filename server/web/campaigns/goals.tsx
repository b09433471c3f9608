// Goals as bars with plain words: "23,400 of 50,000 lunches".

import { useTranslation } from "react-i18next";
import { useWords } from "../units/use-words.ts";
import { type Goal, isReached, tenthsOf } from "./figures.ts";
import { useMeasure } from "./use-measure.ts";

export function Goals({ goals }: { goals: readonly Goal[] }) {
  const { t } = useTranslation("campaigns");
  if (goals.length === 0) return null;
  return (
    <section>
      <h2>{t("goals.heading")}</h2>
      <div className="goals">
        {goals.map((goal) => (
          <GoalCard key={`${goal.what} ${goal.unit} ${goal.name} ${goal.of}`} goal={goal} />
        ))}
      </div>
    </section>
  );
}

function GoalCard({ goal }: { goal: Goal }) {
  const { t } = useTranslation("campaigns");
  return (
    <section className="card goal" data-goal={goal.name ?? goal.unit}>
      <GoalBar goal={goal} />
      {isReached(goal) && <p className="goal-reached">{t("goals.reached")}</p>}
      {goal.what === "outcome" && <Outcome goal={goal} />}
    </section>
  );
}

/** The words, and the bar that says the same to the eye. */
export function GoalBar({ goal }: { goal: Goal }) {
  const { language } = useWords();
  const words = useGoalWords(goal);
  const tenths = tenthsOf(goal);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  return (
    <>
      <p className="goal-words">
        <span>{words}</span>
        <span className="goal-percent">{percent.format(tenths / 1000)}</span>
      </p>
      <div className={isReached(goal) ? "goal-bar full" : "goal-bar"} aria-hidden="true">
        <div style={{ width: `${Math.min(100, tenths / 10)}%` }} />
      </div>
    </>
  );
}

function useGoalWords({ what, unit, name, reached, of }: Goal): string {
  const { t } = useTranslation("campaigns");
  const { count } = useWords();
  const measure = useMeasure();
  if (what === "outcome") return t("goals.outcome", { reached: count(reached), of: count(of), name });
  const so = what === "line" ? count(reached) : measure(reached, unit);
  return t("goals.amount", { reached: so, of: measure(of, unit) });
}

function Outcome({ goal: { unit, part, each } }: { goal: Goal }) {
  const { t } = useTranslation("campaigns");
  const measure = useMeasure();
  return (
    <p className="quiet goal-note">
      {t("goals.each", { each: measure(each, unit) })}
      {part !== "0" && ` ${t("goals.next", { part: measure(part, unit), each: measure(each, unit) })}`}
    </p>
  );
}
