// The operator's endpoints for messages to other systems: which are in order, which take nothing, which are told no more.

import { useTranslation } from "react-i18next";
import { Asked, Nothing } from "../shell/states.tsx";
import { useWords } from "../units/use-words.ts";
import { DeadLetters } from "./dead-letters.tsx";
import { NotDone, Said } from "./said.tsx";
import { useEnable, useWebhooks, type Webhook } from "./webhook-queries.ts";

export function Webhooks() {
  const { t } = useTranslation("operator");
  return (
    <section className="webhooks">
      <h2>{t("webhooks.heading")}</h2>
      <p className="quiet">{t("webhooks.what")}</p>
      <Asked query={useWebhooks()}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing>{t("webhooks.none")}</Nothing>
          ) : (
            items.map((webhook) => <Endpoint key={webhook.id} webhook={webhook} />)
          )
        }
      </Asked>
    </section>
  );
}

type EndpointProps = { readonly webhook: Webhook };

const stateOf = ({ disabledAt, failingSince }: Webhook) => {
  if (disabledAt !== null) return "disabled";
  return failingSince === null ? "healthy" : "failing";
};

function Endpoint({ webhook }: EndpointProps) {
  const { t } = useTranslation("operator");
  const { id, url, events } = webhook;
  return (
    <article className={`card webhook webhook-${stateOf(webhook)}`} data-webhook={id}>
      <h3>{url}</h3>
      <State webhook={webhook} />
      <p className="quiet">
        {t("webhooks.hears")} <code>{events.join(", ")}</code>
      </p>
      <Enabling webhook={webhook} />
      <DeadLetters webhook={id} />
    </article>
  );
}

function State({ webhook }: EndpointProps) {
  const { t } = useTranslation("operator");
  const { time } = useWords();
  const { failingSince, disabledAt, disabledReason } = webhook;
  if (disabledAt !== null)
    return (
      <p className="failed">
        {t("webhooks.disabled", { since: time(disabledAt) })} <span lang="en">{disabledReason}</span>
      </p>
    );
  if (failingSince !== null) return <p>{t("webhooks.failing", { since: time(failingSince) })}</p>;
  return <p className="well">{t("webhooks.healthy")}</p>;
}

function Enabling({ webhook: { id, disabledAt } }: EndpointProps) {
  const { t } = useTranslation("operator");
  const enable = useEnable(id);
  return (
    <>
      {disabledAt !== null && (
        <>
          <p>{t("webhooks.enablingMeans")}</p>
          <button type="button" disabled={enable.isPending} onClick={() => enable.mutate()}>
            {t("webhooks.enable")}
          </button>
        </>
      )}
      {enable.isError && <NotDone error={enable.error} />}
      {enable.isSuccess && disabledAt === null && <Said>{t("webhooks.enabled")}</Said>}
    </>
  );
}
