// Asks for the key, and lets nobody in with another than the operator's.

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { isRefused } from "../api/client.ts";
import { tryKey } from "./queries.ts";

export function KeyForm({ take }: { take: (key: string) => void }) {
  const { t } = useTranslation("operator");
  const [key, type] = useState("");
  const id = useId();
  const trying = useMutation({ mutationFn: tryKey, onSuccess: () => take(key.trim()) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== "") trying.mutate(key.trim());
  };
  return (
    <form className="card key-form" onSubmit={submit}>
      <label htmlFor={id}>{t("key.label")}</label>
      <input
        id={id}
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={key}
        aria-describedby={`${id}-where`}
        aria-invalid={trying.isError}
        onChange={({ target }) => type(target.value)}
      />
      <p id={`${id}-where`} className="quiet">
        {t("key.where")}
      </p>
      {trying.isError && (
        <p role="alert" className="failed">
          {t(isRefused(trying.error) ? "key.wrong" : "key.noAnswer")}
        </p>
      )}
      <button type="submit" className="main" disabled={trying.isPending}>
        {t(trying.isPending ? "key.trying" : "key.enter")}
      </button>
    </form>
  );
}
